/** Mail that servers bring by themselves: kept before they are told that it is. */
import { createHash } from 'node:crypto';
import type { Clock } from '#base/time.ts';
import { newId } from '#base/id.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { MailboxId } from '#domain/ids.ts';
import { messageIdOf } from './collector/read-incoming.ts';
import { addressKey, withoutTag } from './rules/our-addresses.ts';
import { SMALL_MAIL } from './read-mails.ts';
import type { WaitingMail } from './read-mails.ts';
import type { Blob, BlobWriter, Blobs } from './tables/blobs.ts';
import type { ReceivedTables } from './tables/received-tables.ts';

const HEADER_BYTES = 65_536;

export interface PushedMailParts {
  readonly tables: ReceivedTables;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly offer: (mails: readonly WaitingMail[]) => void;
}

export class PushedMail {
  readonly #parts: PushedMailParts;

  constructor(parts: PushedMailParts) {
    this.#parts = parts;
  }

  /** The mailboxes that servers bring the mail of an address to, in any case of its letters, with anything behind a plus. */
  mailboxesOf(address: string): MailboxId[] {
    const key = addressKey(address);
    const exact = this.#mailboxesAt(key);
    return exact.length > 0 ? exact : this.#mailboxesAt(withoutTag(key));
  }

  /**
   * Keeps a message for each of these mailboxes; resolves once it is durable. A server that did not hear so brings it
   * again: it is known by its bytes behind our own trace fields, and kept once.
   *
   * @throws Whatever `content` does: then nothing is kept.
   */
  async keep(mailboxes: readonly MailboxId[], content: AsyncIterable<Uint8Array>): Promise<void> {
    const { tables, blobs, clock, offer } = this.#parts;
    const sum = createHash('sha256');
    let beginning = Buffer.alloc(0);
    let isBehindTrace = false;
    const waiting: Uint8Array[] = [];
    let bytes = 0;
    let writer: BlobWriter | undefined;
    for await (const piece of content) {
      bytes += piece.length;
      if (beginning.length < HEADER_BYTES) beginning = Buffer.concat([beginning, piece]);
      if (isBehindTrace) sum.update(piece);
      else {
        const end = endOfTrace(beginning);
        isBehindTrace = end !== undefined || beginning.length >= HEADER_BYTES;
        if (isBehindTrace) sum.update(beginning.subarray(end ?? 0));
      }
      waiting.push(piece);
      if (bytes > SMALL_MAIL) {
        writer ??= blobs.writer();
        for (const each of waiting.splice(0)) await writer.write(each);
      }
    }
    if (!isBehindTrace) sum.update(beginning);
    const raw: Uint8Array | Blob = writer ? await writer.end() : Buffer.concat(waiting);
    const messageId = messageIdOf(beginning.subarray(0, HEADER_BYTES));
    // What has neither could truly be sent twice with the same bytes
    const isNamed = messageId !== undefined || /^date:/im.test(beginning.toString('latin1'));
    const key = `smtp:${isNamed ? sum.digest('hex') : newId(clock.now())}`;
    for (const mailbox of mailboxes) {
      const [kept] = await tables.keep({
        mailbox,
        account: 'smtp',
        mails: [{ key, receivedAt: clock.now(), messageId, raw }],
      });
      if (!kept || kept.isKnown) continue;
      offer([
        { mail: { ...kept.mail, tries: 0 }, bytes: raw instanceof Uint8Array ? raw : undefined },
      ]);
    }
  }

  #mailboxesAt(wanted: string): MailboxId[] {
    return [...this.#parts.configuration.all('mailbox')].flatMap(([id, mailbox]) => {
      const own = [mailbox.address, ...mailbox.aliases].map(addressKey);
      return mailbox.enabled && mailbox.receive.type === 'smtp' && own.includes(wanted) ? [id] : [];
    });
  }
}

/** Where the `Return-Path` and `Received` fields end that our own listener put before a message. */
function endOfTrace(beginning: Buffer): number | undefined {
  const text = beginning.subarray(0, HEADER_BYTES).toString('latin1');
  const [trace = ''] =
    /^(?:return-path:[^\n]*\n)?received:[^\n]*\n(?:[ \t][^\n]*\n)*(?=[^ \t])/i.exec(text) ?? [];
  return trace === '' ? undefined : trace.length;
}
