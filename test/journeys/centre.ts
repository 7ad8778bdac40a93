/** A whole centre as a person starts it: the program, in processes of its own, on a data directory of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/emcee.js', import.meta.url));
const STARTS_WITHIN = 90_000;
const STOPS_WITHIN = 30_000;

export interface CentreOptions {
  /** `lab` for the sample centre. */
  readonly command?: 'start' | 'lab';
  /** More arguments, as `--run database,media-director`. */
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What runs it, and it; left out: this clone, on this Node. */
  readonly program?: readonly [node: string, program: string];
  /** An existing data directory; left out: a new one, removed with the centre. */
  readonly data?: string;
}

/** A program that runs, and what it has printed. */
export interface RunningProgram extends AsyncDisposable {
  readonly data: string;
  readonly pid: number;
  /** All that it has printed. */
  output(): string;
  /** Resolves with the first match in what is printed, before or after the call. @throws After 90 s, or when the program ends. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** The process group dies at once, as in a power cut; the data stays. */
  kill(): Promise<void>;
  /** Ends in an orderly way; the data stays. */
  stop(): Promise<void>;
}

/** Starts the program. Disposing it stops it, and removes a data directory made for it. */
export async function startProgram(options: CentreOptions = {}): Promise<RunningProgram> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'emcee-journey-')));
  const words = [options.command ?? 'start', '--data', data, ...(options.words ?? [])];
  if (!words.some((word) => word.startsWith('ports.offset=')))
    words.push('--set', 'ports.offset=any');
  const [node, program] = options.program ?? [process.execPath, PROGRAM];
  const child = spawn(node, [program, ...words], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that a kill reaches the children too
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  child.once('exit', () => {
    for (const listener of listeners) listener();
  });

  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output);
        const isOver = child.exitCode !== null || child.signalCode !== null;
        if (!match && !isOver) return;
        clearTimeout(timer);
        listeners.delete(look);
        if (match) resolve(match);
        else reject(new Error(`Cannot find ${pattern}: the program has ended.\n${output}`));
      };
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`Cannot find ${pattern} within ${STARTS_WITHIN} ms.\n${output}`));
      }, STARTS_WITHIN);
      listeners.add(look);
      look();
    });

  return {
    data,
    pid: child.pid ?? 0,
    output: () => output,
    printed,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
    async [Symbol.asyncDispose]() {
      await end(child, 'SIGTERM');
      if (options.data === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  // An orderly stop is said to the parent alone, as a terminal or systemd would; it stops its children.
  process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), STOPS_WITHIN);
  await gone;
  clearTimeout(timer);
}
