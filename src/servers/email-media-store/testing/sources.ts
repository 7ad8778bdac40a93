/** What tests of mailboxes at real servers share. */
import { createHash } from 'node:crypto';
import { systemClock } from '#base/time.ts';
import type { MailFailure } from '../mail-failure.ts';
import type { MailSource, OpenMailbox } from '../mail-source.ts';

/** Opens as this user, by the machine's own clock. */
export function as(user: string, password = 'test'): OpenMailbox {
  return {
    credential: { type: 'password', user, password },
    clock: systemClock,
    signal: new AbortController().signal,
  };
}

/** A message of a few bytes; the number is in its subject. */
export const letter = (number: number, more = ''): string =>
  `From: customer@example.net\r\nTo: support@example.com\r\nSubject: Letter ${number}\r\n\r\nHello ${more}\r\n`;

/** A message of so many bytes, any byte among them, in lines that any server takes. */
export function bulk(bytes: number): Buffer {
  const message = Buffer.alloc(bytes, 0);
  for (let at = 0; at < bytes; at++) message[at] = 0x80 + ((at * 7) % 0x80);
  for (let at = 62; at < bytes - 4; at += 64) message.write('\r\n', at - 1, 'latin1');
  message.write('Subject: Bulk\r\n\r\n', 0, 'latin1');
  message.write('\r\n', bytes - 2, 'latin1');
  return message;
}

/** How a message looks from outside: its size and what it is made of. */
export interface Told {
  readonly key: string;
  readonly receivedAt?: number | undefined;
  readonly size: number;
  readonly sum: string;
  readonly largestPiece: number;
}

export const sumOf = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Fetches messages and tells of each, or `gone` and `unreadable` of those that are. */
export async function tell(
  source: MailSource,
  keys: readonly string[],
): Promise<readonly (Told | string)[]> {
  const told: (Told | string)[] = [];
  for await (const found of source.fetch(keys, new AbortController().signal)) {
    if (found.type === 'message') {
      const sum = createHash('sha256');
      let size = 0;
      let largestPiece = 0;
      for await (const piece of found.content()) {
        sum.update(piece);
        size += piece.length;
        largestPiece = Math.max(largestPiece, piece.length);
      }
      const { key, receivedAt } = found;
      told.push({ key, receivedAt, size, sum: sum.digest('hex'), largestPiece });
    } else told.push(found.type);
  }
  return told;
}

/** The failure that something ends with. */
export async function failureOf(work: Promise<unknown>): Promise<MailFailure> {
  return await work.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: MailFailure) => error,
  );
}
