import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { connectionConfig } from '#platform/database/connection.ts';
import { asDatabaseError } from '#platform/database/errors.ts';
import { beginEntry, endOfEntries, entryBytes } from './entries.ts';
import { seal } from './seal.ts';
import { quoted, readStructure } from './structure.ts';
import type { Manifest } from './entries.ts';

export interface BackupOptions {
  /** The database, which may be in use by anybody. */
  readonly url: string;
  /** The file to write; one that is there is replaced once the new one is whole. */
  readonly output: string;
  /** What restoring will ask for; at least `SHORTEST_PASSPHRASE` characters. */
  readonly passphrase: string;
  /** The data directory. */
  readonly directory: string;
  /** Files and folders in it that belong to the backup, by their paths within; what is missing is left out. */
  readonly files: readonly string[];
  /** This release. */
  readonly program: string;
}

/** What a backup holds, for people. */
export interface BackupSummary {
  readonly takenAt: number;
  readonly schemas: readonly string[];
  readonly tables: number;
  readonly files: number;
  /** The length of the file. */
  readonly bytes: number;
}

/** Shorter ones are guessed, whatever a guess costs. */
export const SHORTEST_PASSPHRASE = 8;

/**
 * Writes everything that the installation keeps into one encrypted file: the rows of all our schemas as they were
 * at one moment, and the given files. Takes one connection and holds nobody up.
 *
 * @throws {RangeError} If the passphrase is too short.
 * @throws {DatabaseGoneError} If the database goes away meanwhile: there is then no file.
 */
export async function backup(options: BackupOptions): Promise<BackupSummary> {
  if (options.passphrase.length < SHORTEST_PASSPHRASE) {
    throw new RangeError(
      `Cannot back up: the passphrase must have at least ${SHORTEST_PASSPHRASE} characters`,
    );
  }
  const draft = `${options.output}.part`;
  const client = await connectForCopy(options.url);
  try {
    const { manifest, entries } = await readEverything(client, options);
    await pipeline(
      entries,
      createGzip(),
      (bytes: AsyncIterable<Buffer>) => seal(bytes, options.passphrase),
      createWriteStream(draft, { mode: 0o600 }),
    );
    await keep(draft, options.output);
    return {
      takenAt: manifest.takenAt,
      schemas: manifest.schemas.map((schema) => schema.name),
      tables: manifest.tables.length,
      files: manifest.files.length,
      bytes: (await stat(options.output)).size,
    };
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'path' in error) {
      throw new Error(`Cannot write the backup "${options.output}": ${error.message}`, {
        cause: error,
      });
    }
    throw asDatabaseError(error);
  } finally {
    await rm(draft, { force: true });
    await client.end().catch(() => undefined);
  }
}

/** A session whose statements may take as long as the tables are large. */
export async function connectForCopy(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    ...connectionConfig({ url, name: 'emcee backup' }),
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  });
  client.on('error', () => undefined); // the next statement says it
  try {
    await client.connect();
  } catch (error) {
    throw asDatabaseError(error);
  }
  return client;
}

async function readEverything(
  client: pg.Client,
  { directory, files, program }: BackupOptions,
): Promise<{ manifest: Manifest; entries: AsyncIterable<Buffer> }> {
  await client.query('begin isolation level repeatable read read only'); // one moment for all tables
  const { holders, ...structure } = await readStructure((text, values) =>
    client.query(text, values && [...values]),
  );
  const manifest: Manifest = {
    type: 'manifest',
    program,
    takenAt: Date.now(),
    ...structure,
    files: (await Promise.all(files.map((path) => filesBelow(directory, path)))).flat(),
  };
  async function* entries(): AsyncGenerator<Buffer, void> {
    yield beginEntry(manifest);
    for (const table of holders) {
      const { schema, name, columns } = table;
      yield beginEntry({ type: 'table', schema, name, columns });
      const list = columns.map(pg.escapeIdentifier).join(', ');
      const rows = client.query(copyTo(`copy ${quoted(table)} (${list}) to stdout`));
      for await (const bytes of rows) yield entryBytes(bytes as Buffer);
    }
    for (const path of manifest.files) {
      yield beginEntry({ type: 'file', path });
      for await (const bytes of createReadStream(join(directory, path))) {
        yield entryBytes(bytes as Buffer);
      }
    }
    yield endOfEntries();
  }
  return { manifest, entries: entries() };
}

/** All plain files at or below `path`, by their paths within the data directory. */
async function filesBelow(directory: string, path: string): Promise<string[]> {
  const full = join(directory, path);
  const found = await stat(full).catch(() => undefined);
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) return [];
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Puts a written file in its place, so that a power cut leaves the old one or the new one. */
async function keep(draft: string, output: string): Promise<void> {
  await using file = await open(draft, 'r+');
  await file.sync();
  await rename(draft, output);
}
