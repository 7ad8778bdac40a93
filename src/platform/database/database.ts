import type { Kysely } from 'kysely';

/** A statement of the hottest paths: prepared once per connection under its name. */
export interface Statement {
  /** Given: prepared under this name. Left out: sent as it is. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What runs inside one transaction. */
export interface Transaction {
  query<Row extends object = Record<string, never>>(statement: Statement): Promise<Row[]>;
}

/**
 * PostgreSQL as a component sees it: a pool with a bound.
 *
 * Queries fail with `DatabaseGoneError` while the server cannot be reached; what was not
 * acknowledged may or may not have happened, so writes carry ids that make repeating them safe.
 */
export interface Database extends AsyncDisposable {
  query<Row extends object = Record<string, never>>(statement: Statement): Promise<Row[]>;
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Typed queries over `Tables`: a map of table name to row type, as Kysely wants it. */
  kysely<Tables>(): Kysely<Tables>;
  /**
   * Brings `schema` up to date: runs the files `0001-name.sql`, `0002-…` of `directory` that have not
   * run yet, under a lock, each in a transaction.
   *
   * @throws {MigrationError} If a file fails, or the schema is newer than this program: one clear sentence.
   */
  migrate(schema: string, directory: URL): Promise<void>;
  /** Hears `notify` on `channel` until disposed; reconnects by itself and calls `heard` once after each reconnect. */
  listen(channel: string, heard: (payload: string) => void): Promise<AsyncDisposable>;
}

/** The database cannot be reached, or the connection broke under the query. Try again later. */
export class DatabaseGoneError extends Error {
  override readonly name = 'DatabaseGoneError';
}

/** A schema could not be brought up to date. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
