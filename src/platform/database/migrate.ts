import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DatabaseGoneError, MigrationError } from './database.ts';
import type { Database, Transaction } from './database.ts';

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings `schema` up to date, one migration per transaction; each takes the schema's lock, so that several
 * programs that start together run every one of them once.
 *
 * @see Database.migrate
 */
export async function migrate(
  database: Pick<Database, 'transaction'>,
  schema: string,
  directory: URL,
): Promise<void> {
  const migrations = await readMigrations(schema, directory);
  let isDone = false;
  while (!isDone) {
    isDone = await database
      .transaction((tx) => runNext(tx, schema, migrations))
      .catch((cause) => {
        if (cause instanceof DatabaseGoneError || cause instanceof MigrationError) throw cause;
        throw new MigrationError(`Cannot prepare the schema "${schema}": ${wordsOf(cause)}`, {
          cause,
        });
      });
  }
}

/** Makes, once, what the platform keeps in `schema`; recorded under `name` among the schema's migrations. */
export async function prepareSchema(
  database: Pick<Database, 'transaction'>,
  schema: string,
  name: string,
  sql: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    await lockSchema(tx, schema);
    const ran = await tx.query({
      text: `select from ${migrationsOf(schema)} where name = $1`,
      values: [name],
    });
    if (ran.length > 0) return;
    await tx.query({ text: sql });
    await record(tx, schema, { name, sql });
  });
}

/** @returns Whether nothing is left to run. */
async function runNext(
  tx: Transaction,
  schema: string,
  migrations: readonly Migration[],
): Promise<boolean> {
  await lockSchema(tx, schema);
  const rows = await tx.query<{ number: number; name: string }>({
    text: `select number, name from ${migrationsOf(schema)} where number is not null order by number`,
  });
  const unknown = rows.find((row) => !migrations.some((known) => known.number === row.number));
  if (unknown) {
    throw new MigrationError(
      `Cannot use the schema "${schema}": a newer release of this program has changed it ` +
        `("${unknown.name}"); start that release, or restore a backup of before`,
    );
  }
  const ran = new Set(rows.map((row) => row.number));
  const next = migrations.find((migration) => !ran.has(migration.number));
  if (!next) return true;
  try {
    await tx.query({ text: next.sql });
  } catch (cause) {
    if (cause instanceof DatabaseGoneError) throw cause;
    const words = `Cannot bring the schema "${schema}" up to date: "${next.name}" failed: ${wordsOf(cause)}`;
    throw new MigrationError(words, { cause });
  }
  await record(tx, schema, next);
  return next === migrations.at(-1);
}

/**
 * Makes the schema and its list of migrations, and holds both to the end of the transaction. Waiting for
 * somebody else's migration of a large table may take long, but not for ever.
 */
async function lockSchema(tx: Transaction, schema: string): Promise<void> {
  await tx.query({ text: `set local statement_timeout = 0; set local lock_timeout = '10min'` });
  await tx.query({
    text: `select pg_advisory_xact_lock(hashtextextended('emcee schema ' || $1, 0))`,
    values: [schema],
  });
  await tx.query({ text: createMigrations(schema) });
}

/** The text of each migration is kept: a backup carries it, and makes the same tables again anywhere. */
export const createMigrations = (schema: string): string => `
  create schema if not exists ${pg.escapeIdentifier(schema)};
  create table if not exists ${migrationsOf(schema)} (
    step   bigint      generated always as identity primary key, -- the order in which they ran
    name   text        not null unique,
    number int         unique,                                   -- null: the platform's own
    sql    text        not null,
    ran_at timestamptz not null default now()
  )`;

const migrationsOf = (schema: string): string => `${pg.escapeIdentifier(schema)}.migrations`;

async function record(
  tx: Transaction,
  schema: string,
  { name, number, sql }: { readonly name: string; readonly number?: number; readonly sql: string },
): Promise<void> {
  await tx.query({
    text: `insert into ${migrationsOf(schema)} (name, number, sql) values ($1, $2, $3)`,
    values: [name, number ?? null, sql],
  });
}

async function readMigrations(schema: string, directory: URL): Promise<Migration[]> {
  const path = fileURLToPath(directory);
  const names = (await readdir(path)).filter((name) => name.endsWith('.sql')).toSorted();
  const migrations = await Promise.all(
    names.map(async (name): Promise<Migration> => {
      const number = Number.parseInt(/^(\d{4})-/.exec(name)?.[1] ?? '', 10);
      return { number, name, sql: await readFile(new URL(name, asDirectory(directory)), 'utf8') };
    }),
  );
  for (const [index, { number, name }] of migrations.entries()) {
    if (number === index + 1) continue;
    throw new MigrationError(
      `Cannot bring the schema "${schema}" up to date: "${name}" should begin with ` +
        `${String(index + 1).padStart(4, '0')}-, for migrations count from 0001 without gaps`,
    );
  }
  return migrations;
}

/** A directory's URL resolves names inside it only when it ends in a slash. */
const asDirectory = (url: URL): URL => (url.href.endsWith('/') ? url : new URL(`${url.href}/`));

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
