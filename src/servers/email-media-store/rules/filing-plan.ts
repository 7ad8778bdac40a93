import type { Milliseconds } from '#base/time.ts';
import type { EmailAddress, EmailNature } from '#domain/email/email.ts';
import type {
  AgentId,
  ConversationId,
  EmailId,
  EntryPointId,
  InteractionId,
  MailTemplateId,
  QueueId,
} from '#domain/ids.ts';
import type { RequirementSteps } from '#domain/requirement/requirement.ts';
import type { DeliveryReport } from '../mime/parsed-mail.ts';

/** Where work goes that an e-mail opens. */
export interface MailEntry {
  /** Left out: what agents began, and comes back to its queue. */
  readonly entryPoint: EntryPointId | undefined;
  readonly queue: QueueId;
  /** Left out: the queue's own. */
  readonly priority: number | undefined;
  readonly requirements: RequirementSteps | undefined;
  /** Within which time it is meant to be served; left out: what the queue says. */
  readonly serviceObjective: Milliseconds | undefined;
}

/** What an e-mail does to the work of its conversation. */
export type FiledWork =
  | { readonly type: 'none' }
  /** The open item is told that the customer wrote. */
  | { readonly type: 'tell' }
  /** A pass through a queue begins, preferring who had the last one. */
  | {
      readonly type: 'enter';
      readonly entry: MailEntry;
      readonly preferredAgent: AgentId | undefined;
      /** What is answered by itself, to `customer`. */
      readonly acknowledge: MailTemplateId | undefined;
    }
  /** One ought to begin, and no entry point takes this mailbox's mail: decide again once there is one. */
  | { readonly type: 'unrouted' };

export type QuarantineReason = 'storm' | 'correspondent' | 'loop' | 'denied' | 'not-allowed';

/** What an e-mail tells of the fate of one that was sent from here. */
export interface ToldDelivery {
  readonly email: EmailId;
  /** '' where the server did not say for whom. */
  readonly recipient: string;
  readonly action: DeliveryReport['recipients'][number]['action'];
  /** As `5.1.1`; '' where the server said none. */
  readonly status: string;
  /** What the server said. */
  readonly diagnostic: string;
}

/**
 * What becomes of one e-mail that came in: it is always filed, exactly once, and what else happens is said
 * here, with the reason for it.
 */
export type FilingPlan = {
  readonly nature: EmailNature;
  /** Whom an answer goes to. */
  readonly customer: EmailAddress;
  /** BCP 47, of what the text is written in; left out where it cannot be told. */
  readonly language: string | undefined;
  /** In plain words, for whoever asks why it went where it went. */
  readonly reasons: readonly string[];
  /** What it tells of the fate of e-mails of ours. */
  readonly deliveries: readonly ToldDelivery[];
} & (
  | { readonly type: 'join'; readonly conversation: ConversationId; readonly work: FiledWork }
  | {
      readonly type: 'open';
      /** The matter it belongs to, as the same mail to another mailbox of ours; left out: one of its own. */
      readonly interaction: InteractionId | undefined;
      readonly work: FiledWork;
    }
  /** It opens no work and waits for somebody's judgement. `storm` also begins a storm where there is none. */
  | { readonly type: 'quarantine'; readonly reason: QuarantineReason }
  /** This mailbox holds it already, as `of`: nothing is filed, only noted. */
  | { readonly type: 'duplicate'; readonly of: EmailId }
);
