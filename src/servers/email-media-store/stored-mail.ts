import type { Instant } from '#base/time.ts';
import type { EmailId, MailboxId } from '#domain/ids.ts';

/** A message as it was taken in: durable, whole, not yet read. */
export interface StoredMail {
  readonly id: EmailId;
  readonly mailbox: MailboxId;
  /** Names it within its mailbox, as `imap:7:1234` or `pop3:…`: the same message is taken in once. */
  readonly key: string;
  /** When the mailbox's server received it. */
  readonly receivedAt: Instant;
  /** Bytes. */
  readonly size: number;
  /** The blob that holds its bytes. */
  readonly raw: string;
}
