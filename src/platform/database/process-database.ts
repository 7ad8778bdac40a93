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

/** What waits to be written is tried again every second: silent for so long, there is room again. */
const REFUSED_FOR: Milliseconds = seconds(10);

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
  const refusals = new Refusals(options);
  let opening: Promise<Database> | undefined;
  let looking: Promise<void> | undefined;
  return {
    async openFor(health) {
      opening ??= openPatiently(options, (error) => refusals.note(error));
      const database = await opening;
      users.add(health);
      looking ??= look(database, users, refusals, options.clock, stop.signal);
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

/** Whether the server answers but refuses to write: nobody else says so, because journals wait in patience. */
class Refusals {
  readonly #options: Pick<ProcessDatabaseOptions, 'clock' | 'trace'>;
  #last: { readonly at: Milliseconds; readonly reason: string } | undefined;

  constructor(options: Pick<ProcessDatabaseOptions, 'clock' | 'trace'>) {
    this.#options = options;
  }

  /** Why it refused lately; nothing where it did not. */
  get reason(): string | undefined {
    const age = this.#options.clock.monotonic() - (this.#last?.at ?? Number.NEGATIVE_INFINITY);
    return age < REFUSED_FOR ? this.#last?.reason : undefined;
  }

  note(error: Error): void {
    if (this.reason === undefined) this.#options.trace.warning('database.refuses', {}, error);
    this.#last = { at: this.#options.clock.monotonic(), reason: error.message };
  }
}

async function openPatiently(
  options: ProcessDatabaseOptions,
  refused: (error: Error) => void,
): Promise<Database> {
  const { clock, connections, trace, signal } = options;
  const deadline = clock.monotonic() + PATIENCE;
  for (let isFirst = true; ; isFirst = false) {
    try {
      const url = options.url();
      if (url === undefined) throw new DatabaseGoneError('nobody has started it yet');
      const maxConnections = connections;
      return await openDatabase({ url, name: 'emcee', trace, maxConnections, refused });
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
  refusals: Refusals,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (; !signal.aborted; await pause(clock, LOOK_EVERY, signal)) {
    try {
      await database.query({ text: 'select' });
      const { reason } = refusals;
      const detail = `The database refuses to write (${reason}); make room on its disk, or see why it only reads`;
      for (const health of users) {
        if (reason === undefined) health.report('database', 'good');
        else health.report('database', 'bad', detail);
      }
    } catch (error) {
      const detail = `The database does not answer (${messageOf(error)}); see that it runs`;
      for (const health of users) health.report('database', 'bad', detail);
    }
  }
}
