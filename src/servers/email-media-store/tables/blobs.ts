/**
 * Bytes of any length, kept in rows of at most 256 KiB, each content once.
 *
 * What refers to a blob is written after it, in the same transaction or a later one, by a foreign key. What is never
 * referred to, as after a crash, is swept away a day later.
 */
import { createHash, hash } from 'node:crypto';
import { newId } from '#base/id.ts';
import { days } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import type { Database, Transaction } from '#platform/database/database.ts';

/** What one row holds. */
const CHUNK_BYTES = 262_144;
/** What one statement carries of many small contents. */
const STATEMENT_BYTES = 4 * CHUNK_BYTES;
/** A blob is referred to in the transaction that writes it, or as soon as a large message is read. */
const UNREFERRED: number = days(1);
const SWEPT_AT_ONCE = 500;

/** A blob that is written and whole. */
export interface Blob {
  readonly id: string;
  readonly size: number;
  readonly sha256: Buffer;
}

export class Blobs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Writes bytes of unknown length, holding no more than a chunk of them; asks for more only once that is written.
   *
   * @returns The blob, which may be one that was there before with the same bytes.
   */
  async write(bytes: AsyncIterable<Uint8Array>): Promise<Blob> {
    const writer = new BlobWriter(this.#database);
    for await (const piece of bytes) await writer.write(piece);
    return writer.end();
  }

  /** Begins a blob that is written piece by piece: whoever has the writer says when it ends. */
  writer(): BlobWriter {
    return new BlobWriter(this.#database);
  }

  /** Writes contents that are in memory, in a transaction of their own. @returns Their ids, in the same order. */
  put(contents: readonly Uint8Array[]): Promise<string[]> {
    return this.#database.transaction((tx) => putBlobs(tx, contents.map(contentOf)));
  }

  /**
   * The bytes from an offset on.
   *
   * @yields At most a chunk: more would only be held in memory.
   */
  async *read(blob: string, offset = 0): AsyncGenerator<Buffer, void> {
    for (let at = offset; ;) {
      const bytes = await this.piece(blob, at, CHUNK_BYTES - (at % CHUNK_BYTES));
      if (bytes.length === 0) return;
      yield bytes;
      at += bytes.length;
    }
  }

  /** At most `length` bytes from an offset on; fewer at the end, none behind it. */
  async piece(blob: string, offset: number, length: number): Promise<Buffer> {
    const first = Math.floor(offset / CHUNK_BYTES);
    const rows = await this.#database.query<{ bytes: Buffer }>({
      name: 'email.blob_piece',
      text: `select bytes from email.blob_chunks
        where blob = $1 and number between $2 and $3 order by number`,
      values: [blob, first, Math.floor((offset + length - 1) / CHUNK_BYTES)],
    });
    const begin = offset - first * CHUNK_BYTES;
    const only = rows.length === 1 ? rows[0]?.bytes : undefined;
    const bytes = only ?? Buffer.concat(rows.map((row) => row.bytes));
    return bytes.subarray(begin, begin + length);
  }

  /** Several whole blobs, none of them larger than the caller can hold. */
  async whole(blobs: readonly string[]): Promise<Map<string, Buffer>> {
    const rows = await this.#database.query<{ blob: string; bytes: Buffer }>({
      name: 'email.blobs_whole',
      text: `select blob, bytes from email.blob_chunks
        where blob = any($1::uuid[]) order by blob, number`,
      values: [blobs],
    });
    const pieces = Map.groupBy(rows, ({ blob }) => blob);
    return new Map(
      blobs.map((blob) => {
        const parts = pieces.get(blob)?.map(({ bytes }) => bytes) ?? [];
        return [blob, parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)];
      }),
    );
  }

  /**
   * Takes blobs away that nothing has referred to for a day.
   *
   * @returns How many.
   */
  async sweep(clock: Clock): Promise<number> {
    const before = newId(clock.now() - UNREFERRED).slice(0, 13) + '-0000-0000-000000000000';
    const referring = await this.#database.query<{ table: string; column: string }>({
      text: `select c.conrelid::regclass::text as table, quote_ident(a.attname) as column
        from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.confrelid = 'email.blobs'::regclass`,
    });
    const isReferred = referring
      .map(({ table, column }) => `exists (select from ${table} r where r.${column} = b.id)`)
      .join(' or ');
    let swept = 0;
    for (;;) {
      const rows = await this.#database.query<{ id: string }>({
        text: `with unreferred as (
            select id from email.blobs b where id < $1 and not (${isReferred})
            limit $2 for update skip locked
          ), chunks as (
            delete from email.blob_chunks where blob in (select id from unreferred)
          ) delete from email.blobs where id in (select id from unreferred) returning id`,
        values: [before, SWEPT_AT_ONCE],
      });
      swept += rows.length;
      if (rows.length < SWEPT_AT_ONCE) return swept;
    }
  }
}

/** Writes one blob, in order. */
export class BlobWriter {
  readonly #database: Database;
  readonly #id = newId();
  readonly #hash = createHash('sha256');
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #size = 0;
  #chunks = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many bytes it was given. */
  get size(): number {
    return this.#size;
  }

  /** Takes bytes; resolves when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#size += bytes.length;
    if (this.#waitingBytes >= CHUNK_BYTES) await this.#flush(false);
  }

  /** Resolves once all is durable. */
  async end(): Promise<Blob> {
    const sha256 = this.#hash.digest();
    if (this.#chunks === 0) {
      // It never was more than one chunk: written as other small ones are
      const bytes = Buffer.concat(this.#waiting);
      const [id = this.#id] = await this.#database.transaction((tx) =>
        putBlobs(tx, [{ bytes, sha256 }]),
      );
      return { id, size: this.#size, sha256 };
    }
    await this.#flush(true);
    const id = await this.#database.transaction((tx) => this.#seal(tx, sha256));
    return { id, size: this.#size, sha256 };
  }

  async #seal(tx: Transaction, sha256: Buffer): Promise<string> {
    const sealed = await tx.query({
      text: `update email.blobs set sha256 = $2, size = $3
        where id = $1 and not exists (select from email.blobs where sha256 = $2) returning id`,
      values: [this.#id, sha256, this.#size],
    });
    if (sealed.length > 0) return this.#id;
    await tx.query({ text: 'delete from email.blob_chunks where blob = $1', values: [this.#id] });
    await tx.query({ text: 'delete from email.blobs where id = $1', values: [this.#id] });
    const [same] = await tx.query<{ id: string }>({
      text: 'select id from email.blobs where sha256 = $1 for key share',
      values: [sha256],
    });
    return same?.id ?? this.#id;
  }

  async #flush(isLast: boolean): Promise<void> {
    const bytes = Buffer.concat(this.#waiting, this.#waitingBytes);
    const whole = isLast ? bytes.length : bytes.length - (bytes.length % CHUNK_BYTES);
    const rest = bytes.subarray(whole);
    this.#waiting = rest.length > 0 ? [Buffer.from(rest)] : [];
    this.#waitingBytes = rest.length;
    if (this.#chunks === 0) {
      await this.#database.query({
        text: 'insert into email.blobs (id) values ($1)',
        values: [this.#id],
      });
    }
    for (const statement of insertChunks(
      chunksOf(this.#id, bytes.subarray(0, whole), this.#chunks),
    )) {
      await this.#database.query(statement);
    }
    this.#chunks += Math.ceil(whole / CHUNK_BYTES);
  }
}

/** Bytes with their digest. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly sha256: Buffer;
}

export const contentOf = (bytes: Uint8Array): Content => ({
  bytes,
  sha256: hash('sha256', bytes, 'buffer'),
});

/** Writes contents that are in memory within a transaction. @returns Their ids, in the same order. */
export async function putBlobs(tx: Transaction, contents: readonly Content[]): Promise<string[]> {
  if (contents.length === 0) return [];
  const byDigest = new Map(contents.map((each) => [each.sha256.toString('hex'), each]));
  // In order, so that two who write the same ones do not wait for each other
  const digests = [...byDigest.keys()].toSorted();
  const written = await tx.query<{ id: string; digest: string }>({
    name: 'email.put_blobs',
    text: `insert into email.blobs (id, sha256, size)
      select id, decode(digest, 'hex'), size
      from unnest($1::uuid[], $2::text[], $3::bigint[]) as content (id, digest, size)
      on conflict (sha256) do nothing returning id, encode(sha256, 'hex') as digest`,
    values: [
      digests.map(() => newId()),
      digests,
      digests.map((digest) => byDigest.get(digest)?.bytes.length ?? 0),
    ],
  });
  const chunks = written.flatMap(({ id, digest }) =>
    chunksOf(id, byDigest.get(digest)?.bytes ?? new Uint8Array()),
  );
  for (const statement of insertChunks(chunks)) await tx.query(statement);
  const ids = new Map(written.map(({ id, digest }) => [digest, id]));
  const there = digests.filter((digest) => !ids.has(digest));
  if (there.length > 0) {
    const rows = await tx.query<{ id: string; digest: string }>({
      text: `select id, encode(sha256, 'hex') as digest from email.blobs
        where sha256 = any(select decode(digest, 'hex') from unnest($1::text[]) as digest) for key share`,
      values: [there],
    });
    for (const { id, digest } of rows) ids.set(digest, id);
  }
  return contents.map(({ sha256 }) => ids.get(sha256.toString('hex')) ?? '');
}

interface Chunk {
  readonly blob: string;
  readonly number: number;
  readonly bytes: Uint8Array;
}

function chunksOf(blob: string, bytes: Uint8Array, first = 0): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const number = first + at / CHUNK_BYTES;
    chunks.push({ blob, number, bytes: bytes.subarray(at, at + CHUNK_BYTES) });
  }
  return chunks;
}

/**
 * Values of their own for each row: arrays of bytes would travel as text, at twice their length.
 *
 * @yields A statement that inserts some of them.
 */
function* insertChunks(chunks: readonly Chunk[]): Generator<{ text: string; values: unknown[] }> {
  for (let first = 0; first < chunks.length;) {
    let end = first;
    for (let bytes = 0; end < chunks.length && (end === first || bytes < STATEMENT_BYTES); end++) {
      bytes += chunks[end]?.bytes.length ?? 0;
    }
    const some = chunks.slice(first, end);
    const rows = some.map(
      (_, at) => `($${at * 3 + 1}::uuid, $${at * 3 + 2}::int, $${at * 3 + 3}::bytea)`,
    );
    yield {
      text: `insert into email.blob_chunks (blob, number, bytes) values ${rows.join(', ')}`,
      values: some.flatMap(({ blob, number, bytes }) => [blob, number, bytes]),
    };
    first = end;
  }
}
