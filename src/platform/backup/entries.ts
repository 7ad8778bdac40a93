/**
 * A backup's inner form: entries, each a description and its bytes.
 *
 *     | 1 | length: 4 bytes | description: JSON |     an entry begins
 *     | 2 | length: 4 bytes | bytes |                 more of its content
 *     | 3 | 0 |                                       the backup ends: without it, it is not whole
 */
import { z } from 'zod';
import { ByteReader } from './byte-reader.ts';

const BEGIN = 1;
const BYTES = 2;
const END = 3;

/** Far above any; a description holds the text of all migrations. */
const LONGEST_FRAME = 64 * 1024 * 1024;

const Table = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  /** Of a partition: the table it belongs to, and which rows are its own. */
  partition: z.object({ of: z.string(), bound: z.string() }).nullable(),
});

/** A table as the backup knows it. */
export type Table = z.infer<typeof Table>;

/** What comes first in a backup: all that restoring needs to know before the data. */
export const Manifest = z.object({
  type: z.literal('manifest'),
  /** The release that made it. */
  program: z.string(),
  takenAt: z.int(),
  schemas: z.array(
    z.object({
      name: z.string(),
      migrations: z.array(z.object({ name: z.string(), sql: z.string() })),
    }),
  ),
  tables: z.array(Table),
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), last: z.int().nullable() })),
  files: z.array(z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

const Description = z.discriminatedUnion('type', [
  Manifest,
  z.object({
    type: z.literal('table'),
    schema: z.string(),
    name: z.string(),
    columns: z.array(z.string()),
  }),
  z.object({ type: z.literal('file'), path: z.string() }),
]);
export type Description = z.infer<typeof Description>;

/** The frame that begins an entry. */
export const beginEntry = (description: Description): Buffer =>
  frame(BEGIN, Buffer.from(JSON.stringify(description)));

/** A frame with some of the bytes of the entry begun last. */
export const entryBytes = (bytes: Uint8Array): Buffer => frame(BYTES, bytes);

/** The frame that ends a backup. */
export const endOfEntries = (): Buffer => frame(END, Buffer.alloc(0));

function frame(kind: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

export interface Entry {
  readonly description: Description;
  /** Its bytes; what of them is not read is skipped. */
  readonly bytes: AsyncIterable<Buffer>;
}

/**
 * Takes entries apart again.
 *
 * @yields Each entry in order.
 * @throws {Error} If a frame is broken, or the last one is missing.
 */
export async function* readEntries(source: AsyncIterable<Uint8Array>): AsyncGenerator<Entry, void> {
  const reader = new ByteReader(source);
  let next = await readFrame(reader);
  async function* bytes(): AsyncGenerator<Buffer, void> {
    for (; next.kind === BYTES; next = await readFrame(reader)) yield next.payload;
  }
  while (next.kind !== END) {
    if (next.kind !== BEGIN) throw new Error('Cannot read the backup: bytes outside an entry');
    const description = Description.parse(JSON.parse(next.payload.toString()));
    next = await readFrame(reader);
    yield { description, bytes: bytes() };
    while (next.kind === BYTES) next = await readFrame(reader);
  }
}

async function readFrame(reader: ByteReader): Promise<{ kind: number; payload: Buffer }> {
  const head = await reader.read(5);
  const length = head.readUInt32BE(1);
  if (length > LONGEST_FRAME) throw new Error('Cannot read the backup: a frame is too long');
  return { kind: head.readUInt8(), payload: await reader.read(length) };
}
