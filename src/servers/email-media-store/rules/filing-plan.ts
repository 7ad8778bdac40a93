import type { Instant } from '#base/time.ts';
import type { EmailAddress, EmailNature } from '#domain/email/email.ts';
import type {
  AgentId,
  ConversationId,
  EmailId,
  EntryPointId,
  MailTemplateId,
  QueueId,
} from '#domain/ids.ts';
import type { RequirementSteps } from '#domain/requirement/requirement.ts';

/** Where work goes that an e-mail opens. */
export interface MailEntry {
  readonly entryPoint: EntryPointId | undefined;
  readonly queue: QueueId;
  readonly priority: number | undefined;
  readonly requirements: RequirementSteps | undefined;
}

/**
 * What becomes of one e-mail that came in: it is always filed, exactly once, and what else happens is said
 * here, with the reason for it.
 */
export type FilingPlan = {
  readonly nature: EmailNature;
  /** Whom an answer goes to. */
  readonly customer: EmailAddress;
  readonly language: string | undefined;
  /** In plain words, for whoever asks why it went where it went. */
  readonly reasons: readonly string[];
} & (
  | {
      /** Joins a conversation. `work`: what it does there. */
      readonly type: 'join';
      readonly conversation: ConversationId;
      readonly work:
        | 'none'
        /** The open item is told that the customer wrote. */
        | 'tell'
        /** The last one is closed: another pass opens, preferring who had it. */
        | { readonly entry: MailEntry; readonly preferredAgent: AgentId | undefined };
    }
  | {
      readonly type: 'open';
      /** Nothing: filed without work, as a machine's mail that answers nothing. */
      readonly entry: MailEntry | undefined;
      readonly acknowledge: MailTemplateId | undefined;
    }
  | {
      readonly type: 'quarantine';
      readonly reason: 'storm' | 'correspondent' | 'loop' | 'denied' | 'not-allowed';
    }
) & {
    /** E-mails of ours that this one tells the fate of. */
    readonly deliveries: readonly {
      readonly email: EmailId;
      readonly state: 'delivered' | 'bounced';
      readonly problem: string;
      readonly at: Instant;
    }[];
  };
