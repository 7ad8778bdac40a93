import type { Clock, Milliseconds } from './time.ts';

const FIRST: Milliseconds = 100;
/** A component starts in a second or two, and another takes over in three: whoever waits should not notice it much later. */
const LONGEST: Milliseconds = 1_000;

/**
 * How long to wait before attempt number `attempt` (1 is the first repeat): doubling, with jitter, so
 * that a hundred clients of a restarted server do not return in the same millisecond.
 */
export function backOff(attempt: number, random: () => number = Math.random): Milliseconds {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 10));
  return Math.round(most / 2 + (random() * most) / 2);
}

/** Resolves after `delay`, or as soon as `signal` aborts. */
export function sleep(clock: Clock, delay: Milliseconds, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      timer[Symbol.dispose]();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(delay, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
