/** What must be looked up before it can be decided what becomes of an e-mail, and what comes of that. */
import type { Instant } from '#base/time.ts';
import type { Delivery, EmailAddress } from '#domain/email/email.ts';
import type {
  AgentId,
  ConversationId,
  EmailId,
  EntryPointId,
  InteractionId,
  MailboxId,
  QueueId,
  WorkItemId,
} from '#domain/ids.ts';

/** What to look for. `questionsOf()` makes it; the tables answer with `Known`. */
export interface Questions {
  /** Its own message id; whatever answers it is looked for, too. */
  readonly ownId: string;
  /** Its own, those it answers, and those it reports on. Never an empty one; at most `MOST_IDS`. */
  readonly messageIds: readonly string[];
  /** Named by tokens of ours that hold. */
  readonly conversations: readonly ConversationId[];
  /** Conversations of this mailbox in which an e-mail has this root; left out: look for none. */
  readonly threadRoot: string | undefined;
  /** Whom an answer would go to, in lower case: whose rate counts, and whose mails that answer the same are looked for. */
  readonly correspondent: string;
}

/** An e-mail, in or out, of any mailbox, that has one of the message ids that were looked for; of each the newest. */
export interface KnownEmail {
  readonly id: EmailId;
  /** The one that was looked for: a server may have given what we sent another. */
  readonly messageId: string;
  readonly direction: 'in' | 'out';
  readonly mailbox: MailboxId;
  /** The conversation that it is in now, after merges and splits; left out: it is in quarantine. */
  readonly conversation: ConversationId | undefined;
  /** As `fingerprintOf()` made it when it came in; '' of what was sent. */
  readonly fingerprint: string;
  /** Who wrote it here; left out for what came in or was sent automatically. */
  readonly agent: AgentId | undefined;
  readonly delivery: Pick<Delivery, 'state'> | undefined;
}

/** That an e-mail of any mailbox, filed before, answers what was looked for. */
export interface KnownReference {
  /** What it answers. */
  readonly messageId: string;
  readonly conversation: ConversationId;
}

/** A conversation that an e-mail may belong to. */
export interface KnownConversation {
  readonly id: ConversationId;
  /** Those that were merged into it: whoever asked for one of them gets this one. */
  readonly formerly: readonly ConversationId[];
  /** `deleted`: somebody erased it. It does not come back. */
  readonly state: 'kept' | 'deleted';
  readonly mailbox: MailboxId;
  readonly interaction: InteractionId;
  readonly customer: EmailAddress;
  /** Addresses of everybody who wrote or was written to in it; any case. */
  readonly participants: readonly string[];
  readonly subject: string;
  readonly threadRoots: readonly string[];
  readonly entryPoint: EntryPointId | undefined;
  readonly queue: QueueId | undefined;
  /** The open one. */
  readonly workItem: WorkItemId | undefined;
  /** Who has or last had it. */
  readonly lastOwner: AgentId | undefined;
  /** How often mail has opened another pass in it within `REOPENINGS.within`. */
  readonly reopened: number;
}

/** How much has come in. Counts are of the time that ends when this mail was received, so that a backlog is no storm. */
export interface Traffic {
  /** Mails of the correspondent filed to this mailbox within the mailbox's `perCorrespondent.within`. */
  readonly fromCorrespondent: number;
  /** Work that mail to this mailbox opened within `storm.within`. */
  readonly opened: number;
  /** There is a storm, and nobody has judged it yet. */
  readonly storm: boolean;
  /** When something was last sent automatically from this mailbox to the correspondent, or is to be. */
  readonly answeredAt: Instant | undefined;
  /** When something was, to anybody of the correspondent's domain: the newest. */
  readonly answeredDomainAt: readonly Instant[];
}

/** All that is known about an e-mail before it is decided. */
export interface Known {
  readonly emails: readonly KnownEmail[];
  readonly references: readonly KnownReference[];
  /** Those that `Questions` names, those of `emails` and `references`, and those of the root; each once. */
  readonly conversations: readonly KnownConversation[];
  readonly traffic: Traffic;
}
