import type { Clock, Milliseconds } from './time.ts';

export interface KeepTryingOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of each failure, before the pause. */
  readonly failed: (error: unknown) => void;
  /** The first pause; each further one is twice as long (default 250 ms). */
  readonly firstPause?: Milliseconds;
  /** No pause is longer (default 10 s); work that ran this long had come up, and starts again with the first. */
  readonly longestPause?: Milliseconds;
}

/**
 * Runs `work` again and again, with growing pauses when it fails or ends, until the signal aborts.
 * Never rejects.
 */
export async function keepTrying(
  work: (signal: AbortSignal) => Promise<void>,
  options: KeepTryingOptions,
): Promise<void> {
  const { clock, signal, failed, firstPause = 250, longestPause = 10_000 } = options;
  let next = firstPause;
  while (!signal.aborted) {
    const started = clock.monotonic();
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
    if (clock.monotonic() - started >= longestPause) next = firstPause;
    await pause(clock, next, signal);
    next = Math.min(next * 2, longestPause);
  }
}

/** Resolves after `delay`, or at once when the signal aborts. */
export async function pause(clock: Clock, delay: Milliseconds, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(delay, resolve);
  const stop = (): void => resolve();
  signal.addEventListener('abort', stop, { once: true });
  await promise;
  timer[Symbol.dispose]();
  signal.removeEventListener('abort', stop);
}
