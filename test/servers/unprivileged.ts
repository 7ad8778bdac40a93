/** Runs servers of tests without root's rights, whoever runs the tests, and never longer than these. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { codeOf } from '#base/failure.ts';
import { portOf } from '#platform/doors/port-of.ts';
import { ServerMissing } from './shared.ts';

const run = promisify(execFile);

/** In root's place servers run as nobody: some refuse to be root, and none should need it. */
const NOBODY = { uid: 65_534, gid: 65_534, user: 'nobody', group: 'nogroup' };

/** Who runs the servers: the account of this process, or nobody in root's place. */
export async function accountOfServers(): Promise<typeof NOBODY> {
  const uid = process.getuid?.() ?? 0;
  if (uid === 0) return NOBODY;
  const [user, group] = await Promise.all(['-un', '-gn'].map((what) => run('id', [what])));
  return {
    uid,
    gid: process.getgid?.() ?? 0,
    user: user?.stdout.trim() ?? '',
    group: group?.stdout.trim() ?? '',
  };
}

/** `tree` itself where the servers' account may read it, else a copy of it at `copy`. */
export async function readableTree(tree: string, copy: string): Promise<string> {
  if (process.getuid?.() !== 0) return tree;
  const { uid, gid } = NOBODY;
  try {
    await run('test', ['-r', `${tree}/usr`], { uid, gid, cwd: '/' });
    return tree;
  } catch {
    await cp(tree, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  }
}

export interface Server extends AsyncDisposable {
  readonly stderr: Readable;
  /** Rejects, with what the program said last, when it ends. */
  readonly ended: Promise<never>;
}

/**
 * Starts a program as the servers' account; disposing it ends it and all that it started. It gets SIGTERM when this
 * process ends, however it does, so that a killed test run leaves nothing behind.
 */
export async function spawnServer(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<Server> {
  const { uid, gid } = await accountOfServers();
  const asNobody =
    process.getuid?.() === 0 ? [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] : [];
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...asNobody, ...command], {
    cwd: options.cwd,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC', ...options.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // a group of its own, to be ended as one
  });
  const group = -(child.pid ?? Number.NaN);
  await once(child, 'spawn').catch((cause: unknown) => {
    if (codeOf(cause) !== 'ENOENT') throw cause;
    throw new ServerMissing('Cannot start a server: this machine has no setpriv', { cause });
  });
  const exited = once(child, 'exit');
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4_096);
  });
  const ended = exited.then((): never => {
    throw new Error(`Cannot run ${basename(command[0] ?? '')}: it ended: ${words}`);
  });
  ended.catch(() => undefined);
  return {
    stderr: child.stderr,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      try {
        process.kill(group, 'SIGKILL'); // Dovecot leaves who has not logged in to processes that outlive it
      } catch (error) {
        if (codeOf(error) !== 'ESRCH') throw error;
      }
    },
  };
}

/** As many ports of the loopback address as asked for, free a moment ago. */
export async function sparePorts<Name extends string>(
  names: readonly Name[],
): Promise<Record<Name, number>> {
  await using life = new AsyncDisposableStack();
  const entries: [Name, number][] = [];
  for (const name of names) {
    const listener = createServer().listen(0, '127.0.0.1');
    life.defer(async () => {
      listener.close();
      await once(listener, 'close');
    });
    await once(listener, 'listening');
    entries.push([name, portOf(listener)]);
  }
  return Object.fromEntries(entries) as Record<Name, number>;
}
