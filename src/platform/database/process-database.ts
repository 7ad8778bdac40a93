import { messageOf } from '#base/failure.ts';
import { pause } from '#base/keep-trying.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { minutes, seconds } from '#base/time.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Database } from './database.ts';
import { DatabaseGoneError } from './database.ts';
import { openDatabase } from './pool.ts';

/** An embedded server may have to recover, and one of your own to start with the machine. */
const PATIENCE: Milliseconds = minutes(2);
const TRY_EVERY: Milliseconds = 250;

/** Whoever looks at the health sees what is so. */
const LOOK_EVERY: Milliseconds = seconds(5);

export interface ProcessDatabaseOptions {
  /** Where the server is, asked again at every try; nothing while that is not known. */
  readonly url: () => string | undefined;
  /** The bound of the pool. */
  readonly connections: number;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Ends the waiting for a server that does not answer. */
  readonly signal: AbortSignal;
}

/** The database as the components of one process share it: one pool, and one look at whether it answers. */
export interface ProcessDatabase extends AsyncDisposable {
  /**
   * Resolves once the server answers; `health` then always knows whether it does.
   *
   * @throws {DatabaseGoneError} If it does not answer within two minutes.
   */
  openFor(health: Health): Promise<Database>;
}

/** Connects when first asked to. */
export function openProcessDatabase(options: ProcessDatabaseOptions): ProcessDatabase {
  const users = new Set<Health>();
  const stop = new AbortController();
  let opening: Promise<Database> | undefined;
  let looking: Promise<void> | undefined;
  return {
    async openFor(health) {
      opening ??= openPatiently(options);
      const database = await opening;
      users.add(health);
      looking ??= look(database, users, options, stop.signal);
      return database;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await looking;
      const database = await opening?.catch(() => undefined);
      await database?.[Symbol.asyncDispose]();
    },
  };
}

async function openPatiently(options: ProcessDatabaseOptions): Promise<Database> {
  const { clock, connections, trace, signal } = options;
  const deadline = clock.monotonic() + PATIENCE;
  for (let isFirst = true; ; isFirst = false) {
    try {
      const url = options.url();
      if (url === undefined) throw new DatabaseGoneError('nobody has started it yet');
      return await openDatabase({ url, name: 'emcee', trace, maxConnections: connections });
    } catch (error) {
      if (!(error instanceof DatabaseGoneError)) throw error;
      if (isFirst) trace.warning('database.awaited', {}, error);
      if (signal.aborted || clock.monotonic() >= deadline) {
        throw new DatabaseGoneError(
          `Cannot reach the database: ${messageOf(error)}; start it, or correct database.url`,
          { cause: error },
        );
      }
    }
    await pause(clock, TRY_EVERY, signal);
  }
}

async function look(
  database: Database,
  users: ReadonlySet<Health>,
  { clock }: ProcessDatabaseOptions,
  signal: AbortSignal,
): Promise<void> {
  for (; !signal.aborted; await pause(clock, LOOK_EVERY, signal)) {
    try {
      await database.query({ text: 'select' });
      for (const health of users) health.report('database', 'good');
    } catch (error) {
      const detail = `The database does not answer (${messageOf(error)}); see that it runs`;
      for (const health of users) health.report('database', 'bad', detail);
    }
  }
}
