import type { Email, EmailConversation } from '#domain/email/email.ts';
import type { AgentId, ContactId, ConversationId, EmailId, InteractionId } from '#domain/ids.ts';
import type { MailboxId, QueueId } from '#domain/ids.ts';
import type { EmailFact } from '../contract.ts';
import type { OutChange, OutgoingEmail, StoredAttachment } from './outgoing.ts';

/** An e-mail as it is filed, with what only this store knows of it. */
export interface FiledEmail {
  readonly email: Email;
  /** As its sender wrote it, unsafe; left out where there is none. */
  readonly html: string | undefined;
  readonly references: readonly string[];
  readonly attachments: readonly StoredAttachment[];
}

/** A conversation that an agent begins. */
export interface Beginning {
  readonly conversation: ConversationId;
  readonly interaction: InteractionId;
  readonly mailbox: MailboxId;
  readonly queue: QueueId | undefined;
  readonly contact: ContactId | undefined;
  readonly agent: AgentId;
  readonly language: string | undefined;
}

/** What writing and sending ask of the conversations. */
export interface Correspondence {
  conversation(id: ConversationId): Promise<EmailConversation | undefined>;
  filed(id: EmailId): Promise<FiledEmail | undefined>;
  /** The newest e-mail of a conversation that came in; of one that nobody answered yet, the newest that left. */
  newest(id: ConversationId): Promise<FiledEmail | undefined>;
  /** Opens a conversation; the same again gives what is there. */
  begin(beginning: Beginning): Promise<EmailConversation>;
  /**
   * Files an e-mail of ours under the next number of its conversation, durable together with `changes` and
   * the fact that it was filed; one that is filed already is given as it is. `allowed` is asked in the same
   * moment in which the number is taken, and refuses by throwing.
   */
  file(
    email: OutgoingEmail,
    changes: readonly OutChange[],
    allowed: (conversation: EmailConversation) => void,
  ): Promise<Email>;
  /** Makes changes durable together with their facts. */
  commit(changes: readonly OutChange[], facts: readonly EmailFact[]): Promise<void>;
}
