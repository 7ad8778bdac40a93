import type { ParsedMail } from './mime/parsed-mail.ts';
import type { StoredMail } from './stored-mail.ts';

/** A message that was taken in and read. */
export interface ReadMail {
  readonly mail: StoredMail;
  readonly parsed: ParsedMail;
}

/**
 * What becomes of messages once they are read: each opens or joins a conversation, or waits for somebody's
 * judgement.
 *
 * The transaction that files one marks it as done, by `markDone` of `tables/received-tables.ts`. One that was done
 * before is passed over: it may be offered again after a crash, or by another process.
 */
export interface Filing {
  /**
   * Files messages, those of one mailbox in this order; resolves once all of them are durable. Called for one
   * batch after the other, never for two at once.
   *
   * @throws If they cannot be filed now. They are offered again: together when the database was gone, else one by
   *   one, so that a single message that cannot be filed keeps no other waiting.
   */
  file(mails: readonly ReadMail[]): Promise<void>;
}
