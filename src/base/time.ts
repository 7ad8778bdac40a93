/** A whole number of milliseconds. Never seconds, never fractions. */
export type Milliseconds = number & { readonly unit?: 'ms' };

/** A point on the UTC time line, in whole milliseconds since 1970-01-01T00:00Z. */
export type Instant = number & { readonly unit?: 'instant' };

export const seconds = (count: number): Milliseconds => count * 1_000;
export const minutes = (count: number): Milliseconds => seconds(count * 60);
export const hours = (count: number): Milliseconds => minutes(count * 60);
export const days = (count: number): Milliseconds => hours(count * 24);

/** Where a component gets its time from; passed in, so that a test can hold it still. */
export interface Clock {
  /** The wall clock. It can jump; use it for what people read and what is stored. */
  now(): Instant;
  /** Milliseconds since some fixed point; never goes back. Use it for deadlines. */
  monotonic(): Milliseconds;
  /** Runs `action` once after `delay`. Disposing the timer before that stops it. */
  after(delay: Milliseconds, action: () => void): Disposable;
}

/** The longest delay Node's timers take; a longer one is cut into pieces. */
const LONGEST_TIMER: Milliseconds = 2 ** 31 - 1;

/** The machine's own clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Math.floor(performance.now()),
  after(delay, action) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (left: Milliseconds): void => {
      const piece = Math.min(Math.max(left, 0), LONGEST_TIMER);
      timer = setTimeout(() => (left > piece ? arm(left - piece) : action()), piece);
      if (typeof timer === 'object') timer.unref();
    };
    arm(delay);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** A clock that moves only when a test says so. */
export class ManualClock implements Clock {
  #now: Instant;
  #elapsed: Milliseconds = 0;
  readonly #timers = new Set<{ due: Milliseconds; action: () => void }>();

  constructor(start: Instant = 0) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  monotonic(): Milliseconds {
    return this.#elapsed;
  }

  after(delay: Milliseconds, action: () => void): Disposable {
    const timer = { due: this.#elapsed + Math.max(delay, 0), action };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Moves time on and runs, in order, what falls due on the way. */
  advance(by: Milliseconds): void {
    const end = this.#elapsed + by;
    for (;;) {
      const next = [...this.#timers]
        .filter((t) => t.due <= end)
        .toSorted((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now += next.due - this.#elapsed;
      this.#elapsed = next.due;
      next.action();
    }
    this.#now += end - this.#elapsed;
    this.#elapsed = end;
  }

  /** Moves the wall clock alone, as an administrator or NTP does. */
  jump(to: Instant): void {
    this.#now = to;
  }
}
