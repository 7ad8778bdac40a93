import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { asDatabaseError } from '#platform/database/errors.ts';
import { createMigrations } from '#platform/database/migrate.ts';
import { connectForCopy } from './backup.ts';
import { readEntries } from './entries.ts';
import { unseal } from './seal.ts';
import { liftChecks, presentSchemas, quoted } from './structure.ts';
import type { Entry, Manifest } from './entries.ts';

export interface RestoreOptions {
  /** Any PostgreSQL ≥ 15 that holds none of our schemas yet. */
  readonly url: string;
  readonly input: string;
  readonly passphrase: string;
  /** The data directory that the files go back to. */
  readonly directory: string;
}

/** What was restored, for people. */
export interface RestoreSummary {
  /** When the backup was taken, and the release that took it. */
  readonly takenAt: number;
  readonly program: string;
  readonly tables: number;
  readonly files: number;
}

/**
 * Puts a backup back: all of it, or where anything fails, nothing. The program that starts next brings the
 * schemas up to its own release.
 *
 * @throws {SealError} If the file is not whole, or the passphrase another.
 * @throws {Error} If the database or the directory already holds what would be restored: one sentence.
 * @throws {DatabaseGoneError} If the database goes away meanwhile.
 */
export async function restore(options: RestoreOptions): Promise<RestoreSummary> {
  await access(options.input);
  const client = await connectForCopy(options.url);
  const restoring = new Restoring(client, options.directory);
  try {
    await client.query('begin');
    await pipeline(
      createReadStream(options.input),
      (bytes: AsyncIterable<Buffer>) => unseal(bytes, options.passphrase),
      createGunzip(),
      async (bytes: AsyncIterable<Buffer>) => {
        for await (const entry of readEntries(bytes)) await restoring.take(entry);
      },
    );
    return await restoring.finish();
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await restoring[Symbol.asyncDispose]();
    await client.end().catch(() => undefined);
  }
}

/**
 * Looks at the beginning of a backup only, before anything is made ready for it.
 *
 * @throws {SealError} If the file is none of ours, or the passphrase another.
 */
export async function checkSeal(input: string, passphrase: string): Promise<void> {
  const file = createReadStream(input);
  const text = unseal(file, passphrase);
  try {
    await text.next();
  } finally {
    await text.return();
    file.destroy();
  }
}

class Restoring implements AsyncDisposable {
  readonly #client: pg.Client;
  readonly #directory: string;
  /** Files written beside their places, by those places. */
  readonly #drafts = new Map<string, string>();
  #manifest: Manifest | undefined;
  #replaceChecks: () => Promise<void> = () => Promise.resolve();
  #loaded = 0;

  constructor(client: pg.Client, directory: string) {
    this.#client = client;
    this.#directory = directory;
  }

  async take({ description, bytes }: Entry): Promise<void> {
    switch (description.type) {
      case 'manifest':
        this.#manifest = description;
        return this.#makeTables(description);
      case 'table': {
        const list = description.columns.map(pg.escapeIdentifier).join(', ');
        await pipeline(
          Readable.from(bytes),
          this.#client.query(copyFrom(`copy ${quoted(description)} (${list}) from stdin`)),
        );
        this.#loaded++;
        return;
      }
      case 'file':
        return this.#writeFile(description.path, bytes);
    }
  }

  /** Called when the whole backup has been read: only now anything of it becomes visible. */
  async finish(): Promise<RestoreSummary> {
    const manifest = this.#manifest;
    if (!manifest) throw new Error('Cannot restore: the backup says nothing of itself');
    for (const sequence of manifest.sequences) {
      if (sequence.last === null) continue;
      await this.#query('select setval($1::regclass, $2)', [quoted(sequence), sequence.last]);
    }
    await this.#replaceChecks();
    await this.#query('commit');
    for (const [place, draft] of this.#drafts) {
      await rename(draft, place);
      this.#drafts.delete(place);
    }
    await this.#query('analyze').catch(() => undefined); // else the first statements would be planned blindly
    const { takenAt, program, files } = manifest;
    return { takenAt, program, tables: this.#loaded, files: files.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const draft of this.#drafts.values()) await rm(draft, { force: true });
  }

  #query(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }> {
    return this.#client.query(text, values && [...values]);
  }

  /** Makes all tables by running the migrations again that made them, and leaves them empty. */
  async #makeTables({ schemas, tables }: Manifest): Promise<void> {
    const query = this.#query.bind(this);
    const names = schemas.map((schema) => schema.name);
    const [present] = await presentSchemas(query, names);
    if (present !== undefined) {
      throw new Error(
        `Cannot restore: the database already holds the schema "${present}"; name an empty database`,
      );
    }
    for (const { name, migrations } of schemas) {
      await query(createMigrations(name));
      for (const { sql } of migrations) await query(sql);
    }
    await query(`set local search_path = ''`);
    for (const table of tables) {
      if (!table.partition) continue;
      const { of, bound } = table.partition;
      await query(`create table if not exists ${quoted(table)} partition of ${of} ${bound}`);
    }
    this.#replaceChecks = await liftChecks(query, names);
    if (tables.length > 0) await query(`truncate ${tables.map(quoted).join(', ')}`); // rows of the migrations
  }

  async #writeFile(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
    if (isAbsolute(path) || normalize(path).split(sep).includes('..')) {
      throw new Error(`Cannot restore: "${path}" leads out of the data directory`);
    }
    const place = join(this.#directory, path);
    const isTaken = await access(place).then(
      () => true,
      () => false,
    );
    if (isTaken)
      throw new Error(`Cannot restore: "${place}" is there already; name an empty directory`);
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    const draft = `${place}.restoring`;
    this.#drafts.set(place, draft);
    await pipeline(Readable.from(bytes), createWriteStream(draft, { mode: 0o600 }));
  }
}
