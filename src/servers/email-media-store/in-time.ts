import type { Clock, Milliseconds } from '#base/time.ts';

/** How long one thing asked of a stranger may take. */
export interface InTimeOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly most: Milliseconds;
  /** Ends it early when nothing arrives any more. */
  readonly silence?: {
    readonly most: Milliseconds;
    /** How many bytes have come so far. */
    readonly heard: () => number;
  };
  /** What it fails with when it takes longer. */
  readonly late: () => Error;
  /** Breaks the work off; called once it is late or aborted. */
  readonly cut: () => void;
}

/**
 * Waits for work that may never end: for as long as it may take, or until the signal aborts.
 *
 * @throws What the work, `late` or the signal says.
 */
export async function inTime<T>(work: Promise<T>, options: InTimeOptions): Promise<T> {
  const { clock, signal, most, silence } = options;
  const { promise, reject } = Promise.withResolvers<never>();
  // When it is cut off nobody waits for the work any more
  work.catch(() => undefined);
  const end = (error: unknown): void => {
    reject(error);
    options.cut();
  };
  using timers = new DisposableStack();
  timers.use(clock.after(most, () => end(options.late())));
  if (silence) {
    let heard = silence.heard();
    let timer = clock.after(silence.most, check);
    timers.defer(() => timer[Symbol.dispose]());
    function check(): void {
      const now = silence?.heard() ?? heard;
      if (now === heard) return end(options.late());
      heard = now;
      timer = clock.after(silence?.most ?? most, check);
    }
  }
  const abort = (): void => end(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  timers.defer(() => signal.removeEventListener('abort', abort));
  if (signal.aborted) abort();
  return await Promise.race([promise, work]);
}
