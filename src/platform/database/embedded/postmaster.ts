import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile, realpath, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVER_ENVIRONMENT } from './cluster.ts';
import { explainFailure } from './explain.ts';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';

/** A running server's first process, whether we started it or found it. */
export interface Postmaster {
  readonly pid: number;
  readonly isGone: boolean;
  /** Resolves once the process is gone. */
  readonly exited: Promise<void>;
  /** SIGINT: end all sessions and stop. SIGQUIT: stop at once and recover at the next start. */
  signal(name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void;
}

export interface ServerSettings {
  /** Where its socket lies; `.` is the cluster's own directory. */
  readonly socketDirectory: string;
  readonly log: string;
  readonly maxConnections: number;
}

/** The log is for people; above this it starts anew. */
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/** How often we look whether a process that is not our child still lives. */
const LOOK_EVERY = 200;

/**
 * Small on purpose: the whole program, server included, promises to idle below 200 MiB.
 */
function serverArguments(settings: ServerSettings, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '', // the bundled OpenSSL is old: no TCP, ever
    unix_socket_directories: settings.socketDirectory,
    unix_socket_permissions: '0700',
    fsync: durable ? 'on' : 'off',
    max_connections: settings.maxConnections,
    shared_buffers: '48MB',
    work_mem: '4MB',
    maintenance_work_mem: '32MB',
    jit: 'off', // compiling costs more memory and time than our short statements take
    io_method: 'sync', // saves three processes
    autovacuum_max_workers: 2,
    max_worker_processes: 4,
    max_parallel_workers_per_gather: 0,
    max_logical_replication_workers: 0,
    wal_level: 'minimal', // nobody replicates an embedded server
    max_wal_senders: 0,
    wal_compression: 'on',
    max_wal_size: '512MB',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
    log_error_verbosity: 'terse', // details of an error quote rows, and rows are contact data
    log_min_error_statement: 'panic',
    log_line_prefix: '%m [%p] ',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Starts a server on the cluster; it may not answer yet. It outlives this process. */
export async function spawnPostmaster(
  cluster: Cluster,
  binaries: Binaries,
  settings: ServerSettings,
): Promise<Postmaster> {
  await boundLog(settings.log);
  await using log = await open(settings.log, 'a', 0o600);
  const child = spawn(
    binaries.postgres,
    ['-D', cluster.pathForServer, ...serverArguments(settings, cluster.durable)],
    {
      ...cluster.runAs,
      cwd: cluster.path,
      env: SERVER_ENVIRONMENT,
      detached: true, // a Ctrl-C at the terminal is for us: we stop the server when we are done with it
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  child.unref();
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  child.on('exit', () => resolve());
  const failure = Promise.withResolvers<never>();
  child.on('error', (error) => {
    resolve();
    failure.reject(
      new Error(`Cannot start the embedded PostgreSQL: ${explainFailure(error)}`, { cause: error }),
    );
  });
  failure.promise.catch(() => undefined);
  await Promise.race([new Promise((done) => child.once('spawn', done)), failure.promise]);
  return {
    pid: child.pid ?? 0,
    get isGone() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    exited,
    signal: (name) => void child.kill(name),
  };
}

/** Cuts a log that has grown too long; the server appends, so it goes on at the new end. */
export async function boundLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await truncate(path);
}

/**
 * Finds a server that still runs on this cluster, as after a kill -9 of the process that started it.
 *
 * Removes the pid files of one that is gone: the machine may have given its number to somebody else, which
 * PostgreSQL would take for a running server and refuse to start.
 *
 * @param sockets Where its socket lies, beside a pid file of its own.
 */
export async function findPostmaster(
  cluster: Cluster,
  sockets: string,
): Promise<Postmaster | undefined> {
  const pidFile = join(cluster.path, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  // Not even a number where a full disk cut the file short.
  if (!(pid > 1 && (await isServerOf(pid, cluster)))) {
    await rm(pidFile, { force: true });
    await rm(join(sockets, '.s.PGSQL.5432.lock'), { force: true });
    return undefined;
  }
  return {
    pid,
    get isGone() {
      return !isAlive(pid);
    },
    exited: untilGone(pid),
    signal: (name) => signalIfAlive(pid, name),
  };
}

/** Whether process `pid` is a server whose home is this cluster. */
async function isServerOf(pid: number, cluster: Cluster): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true; // PostgreSQL itself then sorts out a reused number
  const [home, ours] = await Promise.all([
    realpath(`/proc/${pid}/cwd`).catch(() => ''),
    realpath(cluster.path),
  ]);
  return home === ours;
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(LOOK_EVERY, undefined, { ref: false });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Whether it has ended and nobody has noticed, as happens in containers whose first process is no init. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false; // no /proc, or gone just now
  }
}

function signalIfAlive(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone between two looks: what the signal was for has happened
  }
}

/** A fast shutdown writes out what is in memory; past this the next start recovers from the log instead. */
const FAST_SHUTDOWN = 20_000;
const IMMEDIATE_SHUTDOWN = 5_000;

/** Stops a server: politely, then at once, then by force. Resolves when it is gone; nothing durable is lost. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  for (const [name, patience] of [
    ['SIGINT', FAST_SHUTDOWN],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN],
    ['SIGKILL', IMMEDIATE_SHUTDOWN],
  ] as const) {
    postmaster.signal(name);
    const deadline = new AbortController();
    const isGone = await Promise.race([
      postmaster.exited.then(() => true),
      sleep(patience, false, { signal: deadline.signal }).catch(() => false),
    ]);
    deadline.abort();
    if (isGone) return;
  }
}
