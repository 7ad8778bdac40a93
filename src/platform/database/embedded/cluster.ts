import { spawn } from 'node:child_process';
import { chown, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { newId } from '#base/id.ts';
import { explainFailure } from './explain.ts';
import { ensureDirectory } from './private-directory.ts';
import type { Binaries } from './binaries.ts';
import type { Account } from './private-directory.ts';

/** PostgreSQL refuses to run as root; this account exists everywhere and owns nothing else of ours. */
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** How to run PostgreSQL's programs on one data directory. */
export interface Cluster {
  /** PostgreSQL's own data directory. */
  readonly path: string;
  /**
   * What the programs are told it is. They run in the directory, and root's server as an account that may
   * not pass the directories above: so it is told to look where it stands.
   */
  readonly pathForServer: string;
  readonly account: Account;
  /** False: nothing waits for the disk, and a power cut may cost everything. */
  readonly durable: boolean;
  /** The name of this process's account: the one that the server lets in. */
  readonly callerName: string;
  /** Set where the programs must run as another account than this process. */
  readonly runAs: Partial<Account>;
}

/** The programs see no `PG*` variable of ours, speak English in their logs, and know no time zone but UTC. */
export const SERVER_ENVIRONMENT = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };

/**
 * Decides who runs the server in `path`: this process's account, or in root's place the directory's owner.
 *
 * @throws {Error} If this process's account has no name: PostgreSQL insists on one.
 */
export async function locateCluster(path: string, durable: boolean): Promise<Cluster> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const callerName = nameOfCaller(uid);
  if (uid !== 0) {
    return { path, pathForServer: path, durable, account: { uid, gid }, callerName, runAs: {} };
  }
  const found = await stat(path).catch(() => undefined);
  const account = found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : NOBODY;
  const pathForServer = process.platform === 'linux' ? '/proc/self/cwd' : path;
  return { path, pathForServer, durable, account, callerName, runAs: account };
}

function nameOfCaller(uid: number): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new Error(
      `Cannot start the embedded PostgreSQL: user ${uid} has no name on this machine ` +
        '(no entry in /etc/passwd); run as one that has, or set EMCEE_DATABASE_URL',
      { cause },
    );
  }
}

/**
 * Makes the cluster where there is none, and checks that the one there is fits these programs.
 *
 * A cluster is made beside its place and renamed, so that one half made never stands there. The caller
 * holds the lock of `directory`.
 *
 * @throws {Error} One sentence for an administrator.
 */
export async function ensureCluster(
  cluster: Cluster,
  directory: string,
  binaries: Binaries,
): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith('cluster.new-')) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
  const version = await readFile(join(cluster.path, 'PG_VERSION'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new Error(`Cannot read the database in "${cluster.path}": ${explainFailure(error)}`, {
        cause: error,
      });
    },
  );
  if (version === undefined) await makeCluster(cluster, directory, binaries);
  else refuseOtherMajor(Number.parseInt(version, 10), cluster.path, binaries.major);
  await ensureDirectory(cluster.path, 0o700, cluster.account);
  await writeAccess(cluster);
}

/** The one place that a dump and reload into a new major version would start from. */
function refuseOtherMajor(found: number, path: string, ours: number): void {
  if (found === ours) return;
  throw new Error(
    `Cannot open the database in "${path}": PostgreSQL ${found} made it and this release brings ` +
      `PostgreSQL ${ours}; take a backup with the release that made it and restore that with this one`,
  );
}

async function makeCluster(cluster: Cluster, directory: string, binaries: Binaries): Promise<void> {
  const draft = join(directory, `cluster.new-${newId()}`);
  try {
    await ensureDirectory(draft, 0o700, cluster.account);
    const pathForServer = cluster.pathForServer === cluster.path ? draft : cluster.pathForServer;
    await run(binaries.initdb, { ...cluster, path: draft, pathForServer });
    await rename(draft, cluster.path);
    await using parent = await open(directory);
    await parent.sync(); // the rename itself must outlive a power cut
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw new Error(`Cannot make a database in "${directory}": ${explainFailure(cause)}`, {
      cause,
    });
  }
}

async function run(
  initdb: string,
  { path, pathForServer, durable, runAs }: Cluster,
): Promise<void> {
  const child = spawn(
    initdb,
    [
      '-D',
      pathForServer,
      '--username=postgres',
      '--auth=peer',
      '--data-checksums',
      '--encoding=UTF8',
      // The builtin provider sorts the same on every machine and survives a change of the C library.
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ],
    { ...runAs, cwd: path, env: SERVER_ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4_096);
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const code = await promise;
  if (code === 0) return;
  const reason = words.match(/(?:FATAL|PANIC|error):\s+(.*)/)?.[1] ?? words.trim().split('\n')[0];
  throw new Error(
    /No space left/.test(words) ? 'the disk is full' : (reason ?? `initdb ended with ${code}`),
  );
}

/**
 * Lets in this process's account and nobody else, by asking the kernel who is calling: there is no
 * password that could leak, and another account's process is refused even where it can reach the socket.
 */
async function writeAccess(cluster: Cluster): Promise<void> {
  const quoted = `"${cluster.callerName.replaceAll('"', '""')}"`;
  const files = {
    'pg_hba.conf': 'local all all peer map=emcee\n',
    'pg_ident.conf': `emcee ${quoted} postgres\nemcee ${quoted} emcee\n`,
  };
  for (const [file, text] of Object.entries(files)) {
    const path = join(cluster.path, file);
    if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
    // Beside its place and renamed: on a full disk the old one stays whole.
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    if (cluster.runAs.uid !== undefined) {
      await chown(`${path}.new`, cluster.account.uid, cluster.account.gid);
    }
    await rename(`${path}.new`, path);
  }
}
