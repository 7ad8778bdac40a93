import { Kysely, PostgresDialect } from 'kysely';
import type { PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { connectionConfig } from './connection.ts';
import { DatabaseGoneError } from './database.ts';
import { asDatabaseError, isGone, refusesWrites } from './errors.ts';
import { Listener } from './listener.ts';
import { migrate } from './migrate.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { ConnectionOptions } from './connection.ts';
import type { Database, Statement, Transaction } from './database.ts';

export interface DatabaseOptions extends ConnectionOptions {
  readonly trace?: Trace;
  /** Hears of every write that the server refuses though it answers, as when its disk is full. */
  readonly refused?: (error: Error) => void;
  /** The bound of the pool (default 10): a query that finds all busy waits its turn. */
  readonly maxConnections?: number;
}

/** Older servers lack what our statements use, and are no longer maintained. */
const OLDEST_MAJOR = 15;

/** An idle session costs the server some MB, a new one some milliseconds. */
const IDLE_TIMEOUT = 10_000;

/** How long a query waits for a free connection before it counts as failed. */
const POOL_PATIENCE = 10_000;

/**
 * Opens the database at `url`; resolves once it has answered.
 *
 * `int8` arrives as a number, `timestamptz` as a `Date`, `date` as its text, `numeric` as a string.
 *
 * @throws {DatabaseGoneError} If it does not answer.
 * @throws {Error} If it refuses us or is older than PostgreSQL 15: one sentence for an administrator.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  await using life = new AsyncDisposableStack();
  const database = life.use(new PooledDatabase(options));
  let version: number;
  try {
    const [row] = await database.query<{ version: number }>({
      text: `select current_setting('server_version_num')::int as version`,
    });
    version = row?.version ?? 0;
  } catch (error) {
    if (error instanceof DatabaseGoneError) throw error;
    throw new Error(`Cannot open the database: ${(error as Error).message}`, { cause: error });
  }
  if (version < OLDEST_MAJOR * 10_000) {
    throw new Error(
      `Cannot use this database: it is PostgreSQL ${Math.floor(version / 10_000)}, and ` +
        `${OLDEST_MAJOR} is the oldest that works`,
    );
  }
  life.move();
  return database;
}

class PooledDatabase implements Database {
  readonly #pool: pg.Pool;
  readonly #listener: Listener;
  readonly #kysely: Kysely<unknown>;
  readonly #failed: (error: unknown) => unknown;
  #closing: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    this.#failed = (error) => {
      if (refusesWrites(error)) options.refused?.(error);
      return asDatabaseError(error);
    };
    this.#pool = new pg.Pool({
      ...connectionConfig(options),
      connectionTimeoutMillis: POOL_PATIENCE,
      max: options.maxConnections ?? 10,
      idleTimeoutMillis: IDLE_TIMEOUT,
      allowExitOnIdle: true,
    });
    // An idle connection broke: the pool has dropped it, and the next query opens another.
    this.#pool.on('error', (error) =>
      options.trace?.debug('database.connection-lost', { cause: error.message }),
    );
    // One that breaks while somebody has it says so to its next query; unheard, it would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    this.#listener = new Listener(options, options.trace);
    this.#kysely = new Kysely({
      dialect: new PostgresDialect({
        pool: {
          options: this.#pool.options,
          connect: () => this.#connectForKysely(),
          end: () => Promise.resolve(), // the pool is ours to end
        },
      }),
    });
  }

  async query<Row extends object>(statement: Statement): Promise<Row[]> {
    const client = await this.#connect();
    let isBroken = true;
    try {
      const { rows } = await client.query<Row>(statement as pg.QueryConfig);
      isBroken = false;
      return rows;
    } catch (error) {
      isBroken = isGone(error);
      throw this.#failed(error);
    } finally {
      client.release(isBroken);
    }
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const tx = new ClientTransaction(client, this.#failed);
    let isBroken = true;
    try {
      await tx.run('begin');
      const result = await work(tx);
      const { command } = await tx.run('commit');
      isBroken = false;
      // PostgreSQL answers a commit so when a statement had failed and `work` hid it.
      if (command === 'ROLLBACK') {
        throw new Error('Cannot commit the transaction: a statement in it has failed');
      }
      return result;
    } catch (error) {
      // Also after a failed commit: whatever state the session is in, this ends it or proves it broken.
      if (isBroken && !(error instanceof DatabaseGoneError)) {
        isBroken = await tx.run('rollback').then(
          () => false,
          () => true,
        );
      }
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  kysely<Tables>(): Kysely<Tables> {
    return this.#kysely as Kysely<Tables>;
  }

  migrate(schema: string, directory: URL): Promise<void> {
    return migrate(this, schema, directory);
  }

  listen(channel: string, heard: (payload: string) => void): Promise<AsyncDisposable> {
    return this.#listener.listen(channel, heard);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
    await this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  /** What Kysely sees: the same pool, and the same words when the database is gone. */
  async #connectForKysely(): Promise<PostgresPoolClient> {
    const client = await this.#connect();
    let isBroken = false;
    return {
      query: (async (text: string, values: readonly unknown[]) => {
        try {
          return (await client.query(text, [...values])) as unknown as PostgresQueryResult<unknown>;
        } catch (error) {
          isBroken ||= isGone(error);
          throw this.#failed(error);
        }
      }) as PostgresPoolClient['query'],
      release: (destroy) => client.release(isBroken || destroy === true),
    };
  }
}

class ClientTransaction implements Transaction {
  readonly #client: pg.PoolClient;
  readonly #failed: (error: unknown) => unknown;

  constructor(client: pg.PoolClient, failed: (error: unknown) => unknown) {
    this.#client = client;
    this.#failed = failed;
  }

  async query<Row extends object>(statement: Statement): Promise<Row[]> {
    const { rows } = await this.run<Row>(statement as pg.QueryConfig);
    return rows;
  }

  async run<Row extends object>(query: string | pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    try {
      return await this.#client.query<Row>(query);
    } catch (error) {
      throw this.#failed(error);
    }
  }
}
