import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { type MimeNode, Splitter, type SplitterChunk } from '@zone-eu/mailsplit';
import libmime from 'libmime';
import addressparser from 'nodemailer/lib/addressparser';
import type { EmailAddress } from '#domain/email/email.ts';

/** As much of a message as a customer in the lab looks at. */
export interface ReadLetter {
  readonly from: EmailAddress;
  readonly subject: string;
  /** The first plain text in it; '' where there is none. */
  readonly text: string;
  readonly automatic: boolean;
  /** With its angle brackets; '' where it has none. */
  readonly messageId: string;
  readonly references: string;
}

const LIMITS = { ignoreEmbedded: true, maxChildNodes: 200, maxHeadSize: 262_144 };
/** More of a text is not shown. */
const TEXT_BYTES = 40_000;

/** Reads a message as it comes; files in it are read over. @throws If it is no message that could be read. */
export async function readLetter(raw: AsyncIterable<Uint8Array>): Promise<ReadLetter> {
  let root: MimeNode | undefined;
  let part: MimeNode | undefined;
  const kept: Buffer[] = [];
  let left = TEXT_BYTES;
  await pipeline(
    raw,
    new Splitter(LIMITS),
    async (chunks: AsyncIterable<SplitterChunk>): Promise<void> => {
      for await (const chunk of chunks) {
        if (chunk.type === 'node') {
          root ??= chunk;
          const isText = chunk.contentType === 'text/plain' && chunk.disposition !== 'attachment';
          if (isText) part ??= chunk;
        } else if (part && chunk.node === part && chunk.value) {
          kept.push(chunk.value.subarray(0, left));
          left -= Math.min(left, chunk.value.length);
        }
      }
    },
  );
  const header = (name: string): string =>
    (root?.headers && root.headers.getFirst(name).trim()) || '';
  return {
    from: senderOf(header('from')),
    subject: libmime.decodeWords(header('subject')),
    text: part ? await textOf(part, Buffer.concat(kept)) : '',
    automatic: header('auto-submitted').toLowerCase().startsWith('auto-'),
    messageId: header('message-id'),
    references: header('references'),
  };
}

function senderOf(header: string): EmailAddress {
  const [first] = addressparser(header, { flatten: true });
  return { name: libmime.decodeWords(first?.name ?? ''), address: first?.address ?? '' };
}

async function textOf(part: MimeNode, bytes: Buffer): Promise<string> {
  const decoder = part.getDecoder();
  decoder.end(bytes);
  const text = charsetOf(part).decode(await buffer(decoder));
  return (part.flowed ? libmime.decodeFlowed(text, part.delSp) : text).trim();
}

/** Nearly all is UTF-8; what names a character set that nobody knows is read as that. */
function charsetOf({ charset }: MimeNode): TextDecoder {
  try {
    return new TextDecoder(charset || 'utf-8');
  } catch {
    return new TextDecoder();
  }
}
