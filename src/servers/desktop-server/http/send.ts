import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FileAnswer } from './handlers.ts';

export type Text = string | AsyncIterable<string>;

/** Sends text as a file, piece by piece where it comes so; the first piece decides whether it comes at all. */
export async function sendText(
  path: string,
  type: string,
  text: Text,
  reply: FastifyReply,
): Promise<string | Readable> {
  const body = typeof text === 'string' ? text : await begin(text);
  void reply
    .type(`${type}; charset=utf-8`)
    .header(
      'content-disposition',
      disposition('attachment', path.slice(path.lastIndexOf('/') + 1)),
    );
  return body;
}

/** Nothing runs, loads or asks for anything in what a stranger has sent. */
const NOTHING_ALLOWED = "default-src 'none'; sandbox";

/** Sends bytes, piece by piece, so that a browser does with them what the answer says and nothing else. */
export async function sendFile(file: FileAnswer, reply: FastifyReply): Promise<Readable> {
  const body = await begin(file.content);
  void reply
    .type(file.type)
    .header('content-disposition', disposition(file.inline ? 'inline' : 'attachment', file.name))
    .header('content-security-policy', file.policy ?? NOTHING_ALLOWED);
  if (file.size !== undefined) void reply.header('content-length', file.size);
  return body;
}

/** A file name of any characters, also for clients that know only plain ones. RFC 6266, RFC 8187. */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return plain === name
    ? `${kind}; filename="${plain}"`
    : `${kind}; filename="${plain}"; filename*=UTF-8''${whole}`;
}

async function begin(content: AsyncIterable<Uint8Array | string>): Promise<Readable> {
  const pieces = content[Symbol.asyncIterator]();
  const first = await pieces.next();
  return Readable.from(
    (async function* () {
      try {
        for (let piece = first; !piece.done; piece = await pieces.next()) yield piece.value;
      } finally {
        await pieces.return?.();
      }
    })(),
    { objectMode: false },
  );
}
