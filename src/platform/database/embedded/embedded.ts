import { chmod, rmdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { holdDirectory } from '../directory-lock.ts';
import { findBinaries } from './binaries.ts';
import { ensureCluster, locateCluster } from './cluster.ts';
import { explainFailure, explainLog } from './explain.ts';
import { boundLog, findPostmaster, spawnPostmaster, stopPostmaster } from './postmaster.ts';
import { chooseSocketDirectory } from './socket-directory.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import type { Postmaster, ServerSettings } from './postmaster.ts';

export interface EmbeddedOptions {
  /** A directory that is the server's own; made where it is missing. */
  readonly directory: string;
  readonly trace: Trace;
  /** How many sessions the server takes at once (default 60). */
  readonly maxConnections?: number;
  /** False: a power cut may cost the database, and tests are five times faster (default true). */
  readonly durable?: boolean;
  /** Hears when the server goes and comes back, with one sentence for an administrator. */
  readonly onState?: (state: 'running' | 'recovering', detail: string) => void;
}

/** A PostgreSQL server under our supervision. Disposing it stops the server. */
export interface EmbeddedPostgresql extends AsyncDisposable {
  /** Where `openDatabase` finds it: the database and the role `emcee`, no superuser. */
  readonly url: string;
  /** The same for the superuser, for tests and repair. */
  readonly adminUrl: string;
  /** The server's first process; changes when it had to be started again. */
  readonly pid: number;
  /** Whether it was found running, left by a process that was killed. */
  readonly adopted: boolean;
}

/** How long a server may take to answer after its start, crash recovery included. */
const START_DEADLINE = 300_000;

/** A server that ends within this of its start has not recovered: the next attempt waits longer. */
const STABLE_AFTER = 60_000;
const LONGEST_BACK_OFF = 10_000;

/** How often the server's log is looked at. */
const LOG_EVERY = 600_000;

/**
 * Starts the PostgreSQL server that comes with this program, or adopts the one that still runs on
 * `directory`, and keeps it running: one that crashes is started again, with back-off.
 *
 * The server listens on a unix socket only and lets in nobody but this process's account.
 *
 * @throws {DirectoryInUseError} If another process supervises it.
 * @throws {Error} If it cannot run: one sentence for an administrator.
 */
export async function startEmbeddedPostgresql(
  options: EmbeddedOptions,
): Promise<EmbeddedPostgresql> {
  const directory = resolve(options.directory);
  await using life = new AsyncDisposableStack();
  life.use(lock(directory));
  if (process.getuid?.() === 0) await chmod(directory, 0o700);
  const cluster = await locateCluster(join(directory, 'cluster'), options.durable ?? true);
  const binaries = await findBinaries(cluster.account, directory);
  await ensureCluster(cluster, directory, binaries);
  const sockets = await chooseSocketDirectory(cluster);
  const supervisor = new Supervisor(options, cluster, binaries, sockets.forClients, {
    socketDirectory: sockets.forServer,
    log: join(directory, 'postgresql.log'),
    maxConnections: options.maxConnections ?? 60,
  });
  if (sockets.forClients !== cluster.path) {
    life.defer(() => rmdir(sockets.forClients).catch(() => undefined)); // not empty: still in use
  }
  life.use(supervisor);
  await supervisor.start();
  const parts = life.move();
  return {
    url: socketUrl(sockets.forClients, 'emcee', 'emcee'),
    adminUrl: socketUrl(sockets.forClients, 'postgres', 'postgres'),
    get pid() {
      return supervisor.pid;
    },
    adopted: supervisor.adopted,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function lock(directory: string): Disposable {
  try {
    return holdDirectory(directory);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.name === 'DirectoryInUseError') {
      throw error;
    }
    throw new Error(`Cannot use the data directory "${directory}": ${explainFailure(error)}`, {
      cause: error,
    });
  }
}

const socketUrl = (directory: string, user: string, database: string): string =>
  `postgresql://${user}@/${database}?host=${encodeURIComponent(directory)}`;

/**
 * ```
 * start ─▶ running ─▶ (watch connection ends) ─▶ recovering ─▶ running
 *             └────────────── dispose ──────────────┴──▶ stopped
 * ```
 * A connection of our own is the watch: it ends at once when the server does, ours or adopted alike.
 */
class Supervisor implements AsyncDisposable {
  readonly #options: EmbeddedOptions;
  readonly #cluster: Cluster;
  readonly #binaries: Binaries;
  readonly #host: string;
  readonly #settings: ServerSettings;
  readonly #stop = new AbortController();
  #postmaster: Postmaster | undefined;
  #watch: pg.Client | undefined;
  /** Resolves when the watch connection has ended. */
  #lost: Promise<void> = Promise.resolve();
  #keeping: Promise<void> = Promise.resolve();
  #logFrom = 0;
  #logTimer: NodeJS.Timeout | undefined;
  adopted = false;

  constructor(
    options: EmbeddedOptions,
    cluster: Cluster,
    binaries: Binaries,
    host: string,
    settings: ServerSettings,
  ) {
    this.#options = options;
    this.#cluster = cluster;
    this.#binaries = binaries;
    this.#host = host;
    this.#settings = settings;
  }

  get pid(): number {
    return this.#postmaster?.pid ?? 0;
  }

  /** Resolves once the server answers and holds our database. */
  async start(): Promise<void> {
    const began = performance.now();
    this.#postmaster = await findPostmaster(this.#cluster, this.#host);
    this.adopted = this.#postmaster !== undefined;
    await this.#reach();
    await this.#furnish();
    this.#options.trace.info(this.adopted ? 'database.adopted' : 'database.started', {
      pid: this.pid,
      milliseconds: Math.round(performance.now() - began),
    });
    this.#keeping = this.#keep();
    this.#logTimer = setInterval(() => void this.#boundLog(), LOG_EVERY).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    clearInterval(this.#logTimer);
    await this.#watch?.end().catch(() => undefined);
    await this.#keeping;
    if (this.#postmaster) await stopPostmaster(this.#postmaster);
    this.#options.trace.info('database.stopped', { pid: this.pid });
  }

  /** Brings the server back for as long as we live. */
  async #keep(): Promise<void> {
    let since = performance.now();
    let failures = 0;
    for (;;) {
      await this.#lost;
      if (this.#stop.signal.aborted) return;
      if (performance.now() - since > STABLE_AFTER) failures = 0;
      for (;;) {
        try {
          const reason = await explainLog(this.#settings.log, this.#logFrom);
          this.#say('recovering', `The database has stopped and is started again: ${reason}`);
          await this.#pause(Math.min(50 * 2 ** failures++, LONGEST_BACK_OFF));
          await this.#reach();
          break;
        } catch (error) {
          if (this.#stop.signal.aborted) return;
          this.#options.trace.fault('database.failed', error, { failures });
        }
      }
      since = performance.now();
      this.#say('running', 'The database runs again');
    }
  }

  #say(state: 'running' | 'recovering', detail: string): void {
    this.#options.trace.warning(`database.${state}`, { detail, pid: this.pid });
    this.#options.onState?.(state, detail);
  }

  /** Starts the server where it does not run, and waits until it answers and is watched. */
  async #reach(): Promise<void> {
    const deadline = performance.now() + START_DEADLINE;
    for (let pause = 10; ; pause = Math.min(pause * 1.5, 250)) {
      const isFound = this.#postmaster !== undefined;
      const postmaster = (this.#postmaster ??= await this.#spawn());
      await Promise.race([postmaster.exited, this.#pause(pause)]);
      try {
        return await this.#connect();
      } catch (cause) {
        if (performance.now() > deadline) {
          throw new Error('Cannot start the embedded PostgreSQL: it does not answer', { cause });
        }
      }
      if (!postmaster.isGone) continue;
      this.#postmaster = undefined;
      if (isFound) continue; // one that we found dying says nothing about the next
      const reason = await explainLog(this.#settings.log, this.#logFrom);
      // Sessions of a server that was killed may need a moment to notice; until then its memory is taken.
      if (
        /pre-existing shared memory|postmaster.pid/.test(reason) &&
        performance.now() < deadline
      ) {
        continue;
      }
      throw new Error(`Cannot start the embedded PostgreSQL in "${this.#cluster.path}": ${reason}`);
    }
  }

  /** @throws {Error} As soon as we are to stop. */
  #pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.#stop.signal });
  }

  async #spawn(): Promise<Postmaster> {
    const running = await findPostmaster(this.#cluster, this.#host);
    if (running) return running;
    this.#logFrom = await stat(this.#settings.log).then(
      (found) => found.size,
      () => 0,
    );
    return spawnPostmaster(this.#cluster, this.#binaries, this.#settings);
  }

  /** Opens the watch connection, and proves that it leads to our server on our cluster. */
  async #connect(): Promise<void> {
    const client = new pg.Client({
      host: this.#host,
      port: 5432,
      user: 'postgres',
      database: 'postgres',
      application_name: 'emcee database watch',
      connectionTimeoutMillis: 10_000,
      query_timeout: 30_000,
    });
    const ended = Promise.withResolvers<void>();
    client.on('error', () => ended.resolve()).on('end', () => ended.resolve());
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: string }>(
        `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1) as pid`,
      );
      if (Number(rows[0]?.pid) !== this.pid) {
        throw new Error(`process ${rows[0]?.pid} answers in place of process ${this.pid}`);
      }
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.#watch = client;
    this.#lost = ended.promise;
  }

  /** Makes our role and database in a new cluster. */
  async #furnish(): Promise<void> {
    const watch = this.#watch;
    if (!watch) throw new Error('Cannot furnish the database: there is no connection');
    const { rows } = await watch.query<{ role: boolean; base: boolean }>(
      `select exists (select from pg_roles where rolname = 'emcee') as role,
              exists (select from pg_database where datname = 'emcee') as base`,
    );
    // No superuser: a statement that slipped in could then not leave the database.
    if (!rows[0]?.role) await watch.query('create role emcee login');
    if (!rows[0]?.base) await watch.query('create database emcee owner emcee');
  }

  async #boundLog(): Promise<void> {
    try {
      await boundLog(this.#settings.log);
    } catch (error) {
      this.#options.trace.warning('database.log-not-cut', {}, error);
    }
  }
}
