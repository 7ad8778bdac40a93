/** One message from its server into memory, or into a blob where it is large. */
import type { Clock } from '#base/time.ts';
import { receivedAtOf } from '../pop3/received-at.ts';
import { SMALL_MAIL } from '../read-mails.ts';
import type { Blobs } from '../tables/blobs.ts';
import type { Incoming } from '../tables/received-tables.ts';
import type { FoundMessage } from '../mail-source.ts';

/** A header that is longer has no message id for us. */
const HEADER_BYTES = 65_536;

/** Servers are wrong about sizes by the line ends they count; by more than this they are not believed. */
const SLACK = 1.1;

/** The message is larger than its mailbox takes, whatever its server said before. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** @throws {TooLargeError} @throws {MailFailure} As `content()` does. */
export async function readIncoming(
  { key, receivedAt, size, content }: Omit<FoundMessage, 'type'>,
  { blobs, clock, largest }: { blobs: Blobs; clock: Clock; largest: number },
): Promise<Incoming> {
  let beginning: Buffer | undefined;
  const bounded = async function* (): AsyncGenerator<Uint8Array, void> {
    let bytes = 0;
    for await (const piece of content()) {
      bytes += piece.length;
      if (bytes > largest * SLACK) throw new TooLargeError(`Cannot take "${key}": it is too large`);
      const missing = HEADER_BYTES - (beginning?.length ?? 0);
      if (missing > 0) {
        const some = piece.subarray(0, missing);
        beginning = beginning ? Buffer.concat([beginning, some]) : Buffer.from(some);
      }
      yield piece;
    }
  };
  const raw = size > SMALL_MAIL ? await blobs.write(bounded()) : await whole(bounded());
  return {
    key,
    receivedAt: receivedAt ?? (beginning && receivedAtOf(beginning)) ?? clock.now(),
    messageId: beginning && messageIdOf(beginning),
    raw,
  };
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all = await Array.fromAsync(pieces);
  return all.length === 1 && all[0] ? all[0] : Buffer.concat(all);
}

/** What a header calls its message, as it stands there; only to know it again. */
export function messageIdOf(beginning: Uint8Array): string | undefined {
  const text = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.length).toString(
    'latin1',
  );
  const end = text.search(/\r?\n\r?\n/);
  const header = end < 0 ? text : text.slice(0, end);
  const [, id = ''] = /^message-id:\s*(?:\r?\n[ \t]+)?(\S[^\r\n\0]{0,997})/im.exec(header) ?? [];
  return id.trim() === '' ? undefined : id.trim();
}
