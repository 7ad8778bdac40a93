import type { Clock, Milliseconds } from '#base/time.ts';

/** Sweeps closer together than this would cost more than the precision is worth. */
const CLOSEST: Milliseconds = 10;

/**
 * One timer for many deadlines. A timer of its own for every call would cost more than the call, and
 * nearly all calls end long before theirs; so the owner keeps deadlines where it keeps the calls, and
 * is asked for them when the earliest one may have passed.
 */
export class Deadlines implements Disposable {
  readonly #clock: Clock;
  readonly #expire: (now: Milliseconds) => Milliseconds;
  #timer: Disposable | undefined;
  #due: Milliseconds = Infinity;

  /** @param expire Ends what is due by `now`; returns the earliest deadline left, or Infinity. */
  constructor(clock: Clock, expire: (now: Milliseconds) => Milliseconds) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** Says that something ends at `deadline` on the monotonic clock. */
  note(deadline: Milliseconds): void {
    if (deadline >= this.#due) return;
    this.#timer?.[Symbol.dispose]();
    this.#due = deadline;
    const delay = Math.max(deadline - this.#clock.monotonic(), CLOSEST);
    this.#timer = this.#clock.after(delay, this.#sweep);
  }

  readonly #sweep = (): void => {
    this.#due = Infinity;
    this.#timer = undefined;
    const next = this.#expire(this.#clock.monotonic());
    if (next < Infinity) this.note(next);
  };

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#due = -Infinity; // nothing is noted any more
  }
}
