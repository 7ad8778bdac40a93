import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Milliseconds } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { EXIT_CANNOT_START, EXIT_CRASHED, EXIT_STOPPED, isChildMessage } from './messages.ts';
import { restartAfterCrash } from './restart-delay.ts';

/** One child process and what it is for. */
export interface ChildPlan {
  /** What it runs, for people. */
  readonly name: string;
  readonly arguments: readonly string[];
}

export interface ParentOptions {
  /** The program every child runs. */
  readonly program: string;
  readonly children: readonly ChildPlan[];
  readonly clock: Clock;
  readonly trace: Trace;
}

/** Who crashes so often before it was ever ready will not become so. */
const MOST_CRASHES_BEFORE_READY = 5;

/** Children end by a deadline of their own; this much later something is wrong with them. */
const GRACE: Milliseconds = seconds(2);

/** For a child that has not said yet how long it may take. */
const UNTOLD_DRAIN: Milliseconds = seconds(20);

/**
 * Keeps child processes running until told to stop, and resolves with the exit code.
 *
 * A child that crashes is started again, later each time. One that says it cannot start, or never becomes
 * ready, ends everything. The first SIGTERM or SIGINT drains the children, a second one kills them. A
 * child notices by itself when this process dies.
 */
export async function runParent(options: ParentOptions): Promise<number> {
  const keepers = options.children.map((plan) => new Keeper(plan, options));
  let isStopping = false;
  let isForced = false;

  function onSignal(signal: NodeJS.Signals): void {
    if (isStopping) {
      isForced = true;
      options.trace.warning('process.forced', { signal });
      for (const keeper of keepers) keeper.kill();
      return;
    }
    isStopping = true;
    for (const keeper of keepers) keeper.drain();
  }

  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const codes = await Promise.all(
      keepers.map(async (keeper) => {
        const code = await keeper.run();
        if (code !== EXIT_STOPPED) for (const other of keepers) other.drain();
        return code;
      }),
    );
    return isForced ? EXIT_CRASHED : Math.max(...codes);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** How a child ended. */
interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly wasReady: boolean;
  readonly ranFor: Milliseconds;
  /** The component whose code failed, and its words. */
  readonly room: string | undefined;
  readonly message: string | undefined;
}

/** Keeps one child running. */
class Keeper {
  readonly #plan: ChildPlan;
  readonly #options: ParentOptions;
  readonly #stop = new AbortController();
  #child: ChildProcess | undefined;
  #drain: Milliseconds = UNTOLD_DRAIN;

  constructor(plan: ChildPlan, options: ParentOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  /** Resolves with an exit code when the child has stopped for good. */
  async run(): Promise<number> {
    const { trace } = this.#options;
    let crashes = 0;
    let wasEverReady = false;
    while (!this.#stop.signal.aborted) {
      const end = await this.#runOnce();
      wasEverReady ||= end.wasReady;
      if (this.#stop.signal.aborted) return end.code === EXIT_STOPPED ? EXIT_STOPPED : EXIT_CRASHED;
      if (!wasEverReady && end.code === EXIT_CANNOT_START) return EXIT_CANNOT_START;
      const restart = restartAfterCrash(crashes, end.ranFor);
      ({ crashes } = restart);
      const detail = {
        process: this.#plan.name,
        room: end.room,
        exit: end.signal ?? end.code,
        crashes,
      };
      const cause = end.message ?? 'it ended by itself';
      if (!wasEverReady && crashes >= MOST_CRASHES_BEFORE_READY) {
        trace.fault('process.given-up', cause, detail);
        return EXIT_CRASHED;
      }
      trace.fault('process.restarting', cause, { ...detail, afterMs: restart.delay });
      await this.#sleep(restart.delay);
    }
    return EXIT_STOPPED;
  }

  /** Asks the child to stop, and kills it when it does not in time. */
  drain(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    if (this.#child?.connected) this.#child.send({ type: 'drain' });
    else this.#child?.kill('SIGTERM');
    this.#options.clock.after(this.#drain + GRACE, () => this.kill());
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  #runOnce(): Promise<End> {
    const { clock, program } = this.#options;
    const started = clock.monotonic();
    const child = fork(program, this.#plan.arguments, { stdio: 'inherit' });
    this.#child = child;
    let wasReady = false;
    let room: string | undefined;
    let message: string | undefined;
    child.on('message', (said) => {
      if (!isChildMessage(said)) return;
      if (said.type === 'ready') {
        wasReady = true;
        this.#drain = said.drain;
      } else {
        ({ room, message } = said);
      }
    });
    return new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        const ranFor = clock.monotonic() - started;
        resolve({ code, signal, wasReady, ranFor, room, message });
      };
      child.on('exit', end);
      child.on('error', (error) => {
        message ??= error.message;
        if (child.exitCode === null && child.pid === undefined) end(null, null);
      });
    });
  }

  async #sleep(delay: Milliseconds): Promise<void> {
    await sleep(delay, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
