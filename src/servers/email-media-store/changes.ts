import type { Instant, Milliseconds } from '#base/time.ts';
import type { ParsedMail } from './mime/parsed-mail.ts';
import type { OutChange } from './out/outgoing.ts';
import type { QuarantineReason, ToldDelivery } from './rules/filing-plan.ts';
import type { RequirementSteps } from '#domain/requirement/requirement.ts';
import type { AgentId, ConversationId, EmailId } from '#domain/ids.ts';
import type { MailboxId, MailTemplateId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { StoredConversation, StoredEmail } from './thread.ts';
import type { StoredMail } from './stored-mail.ts';
import type { Done } from './tables/received-tables.ts';

/** How a work item is to be put in its queue, decided when the customer wrote. */
export interface PlannedSubmission {
  readonly queue: QueueId;
  readonly priority?: number | undefined;
  readonly requirements?: RequirementSteps | undefined;
  readonly serviceObjective?: Milliseconds | undefined;
  readonly enteredAt: Instant;
  /** Who had the conversation before. */
  readonly preferredAgent?: AgentId | undefined;
}

/** Something the media director must be told until it has answered. */
export type DirectorCall = {
  readonly workItem: WorkItemId;
  readonly conversation: ConversationId;
} & (
  | { readonly call: 'submit'; readonly submission: PlannedSubmission }
  | { readonly call: 'customer-wrote' }
);

/** Mail that waits for somebody's judgement. */
export interface QuarantinedMail {
  readonly mail: StoredMail;
  readonly parsed: ParsedMail;
  readonly reason: QuarantineReason | 'unrouted';
  readonly at: Instant;
}

/** What is to follow from an e-mail that was filed; it may be tried again after it has happened. */
export type Consequence = {
  /** What it follows from. */
  readonly email: EmailId;
  readonly conversation: ConversationId;
  readonly at: Instant;
} & (
  | {
      readonly type: 'acknowledge';
      readonly template: MailTemplateId;
      /** The answer's own id, so that it is sent once. */
      readonly answer: EmailId;
    }
  | { readonly type: 'deliveries'; readonly deliveries: readonly ToldDelivery[] }
);

/** What a batch of the journal writes beside its events. */
export type Change =
  | { readonly type: 'conversation-opened'; readonly stored: StoredConversation }
  /** All that can change of a conversation, as it is now. */
  | { readonly type: 'conversation-changed'; readonly stored: StoredConversation }
  | {
      readonly type: 'thread-root';
      readonly mailbox: MailboxId;
      readonly root: string;
      readonly conversation: ConversationId;
    }
  | { readonly type: 'email-filed'; readonly stored: StoredEmail }
  /** A received message is done with: it is filed, or the same was filed before. */
  | ({ readonly type: 'mail-done' } & Done)
  | { readonly type: 'mail-quarantined'; readonly quarantined: QuarantinedMail }
  | { readonly type: 'mail-released'; readonly stored: StoredEmail }
  | { readonly type: 'mail-dropped'; readonly mail: EmailId }
  | { readonly type: 'consequence'; readonly consequence: Consequence }
  /** All e-mails of one conversation go on in another, behind number `after`. */
  | {
      readonly type: 'conversation-merged';
      readonly from: ConversationId;
      readonly into: ConversationId;
      readonly after: number;
    }
  | {
      readonly type: 'note-added';
      readonly conversation: ConversationId;
      readonly id: string;
      readonly agent: AgentId;
      readonly note: string;
      readonly at: Instant;
    }
  | { readonly type: 'director-call'; readonly at: Instant; readonly call: DirectorCall }
  | { readonly type: 'followed'; readonly stream: string; readonly position: number }
  | { readonly type: 'out'; readonly change: OutChange };
