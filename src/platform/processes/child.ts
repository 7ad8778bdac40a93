import { once } from 'node:events';
import { messageOf } from '#base/failure.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { hours, seconds } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { ChildMessage } from './messages.ts';
import { EXIT_CANNOT_START, EXIT_CRASHED, EXIT_STOPPED, isParentMessage } from './messages.ts';
import { roomOf } from './rooms.ts';

export interface ChildOptions {
  /** Starts everything this process is for, or gives up with the signal. What it throws is for a person: one sentence. */
  readonly start: (signal: AbortSignal) => Promise<AsyncDisposable>;
  /** How long stopping may take before the process ends all the same. */
  readonly drain: Milliseconds;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Tells a person why it cannot start. */
  readonly complain: (sentence: string) => void;
}

/** Somebody may be about to start the program again, and must not find the data directory in use for long. */
const ORPHAN_DRAIN: Milliseconds = seconds(2);

/**
 * Runs a process from start to end, under a parent or alone, and resolves with its exit code.
 *
 * ```
 * starting ─▶ running ─▶ draining ─▶ 0          SIGTERM, SIGINT, the parent's word, or the parent's death drains
 *     │           │          └─ second signal (without a parent), or the deadline ─▶ 70
 *     │           └─ an error that nobody caught ─▶ 70, its room named
 *     └─ an error ─▶ 78
 * ```
 */
export async function runChild(options: ChildOptions): Promise<number> {
  const { clock, trace } = options;
  const stop = new AbortController();
  const stopped = once(stop.signal, 'abort');
  // Timers of the clock do not keep a process alive, and while it starts or waits there may be nothing else.
  const alive = setInterval(() => undefined, hours(1));

  function requestStop(reason: string, within: Milliseconds = options.drain): void {
    if (stop.signal.aborted) return;
    trace.info('process.draining', { reason });
    clock.after(within, () => {
      trace.warning('process.drain-too-long', { after: within });
      process.exit(EXIT_CRASHED);
    });
    stop.abort();
  }

  function onSignal(signal: NodeJS.Signals): void {
    // A terminal sends these to the whole group; a parent then says itself what is to be done.
    if (process.connected && signal !== 'SIGTERM') return;
    if (!stop.signal.aborted) return requestStop(signal);
    if (process.connected) return;
    trace.warning('process.forced', { signal });
    process.exit(EXIT_CRASHED);
  }

  function crash(error: unknown): void {
    const room = roomOf(error);
    const stack = error instanceof Error ? error.stack : undefined;
    trace.fault('process.crashed', error, { room, stack });
    tellParent({
      type: 'failed',
      ...(room !== undefined && { room }),
      message: messageOf(error),
    });
    process.exit(EXIT_CRASHED);
  }

  process.on('uncaughtException', crash);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('message', (message) => {
    if (isParentMessage(message)) requestStop('asked by the parent');
  });
  process.on('disconnect', () => requestStop('the parent is gone', ORPHAN_DRAIN));

  let running: AsyncDisposable;
  try {
    running = await options.start(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return EXIT_STOPPED;
    options.complain(messageOf(error));
    tellParent({ type: 'failed', message: messageOf(error) });
    return EXIT_CANNOT_START;
  }
  tellParent({ type: 'ready', drain: options.drain });
  await stopped;
  await running[Symbol.asyncDispose]();
  clearInterval(alive);
  return EXIT_STOPPED;
}

function tellParent(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}
