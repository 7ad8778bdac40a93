import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import { Heap } from './heap.ts';

/** One thing to do at a time. */
export interface Appointment<T> {
  readonly key: string;
  readonly at: Instant;
  readonly by: 'elapsed' | 'date';
  readonly what: T;
}

export interface AgendaOptions<T> {
  readonly clock: Clock;
  /** Does what has fallen due. Must not throw. */
  readonly due: (what: T) => void;
  /** Told when this process was held up for so long; what fell due meanwhile is put off for a moment. */
  readonly heldUp?: (late: Milliseconds) => void;
}

/** A wall clock may be set at any time: dates are looked at again this often. */
const LONGEST_TRUST_IN_WALL_CLOCK: Milliseconds = 10_000;

/** Later than this, it is not the timer that was late: the machine or the process stood still. */
const STOOD_STILL: Milliseconds = 1_000;

/** What came in while the process stood still is read first: an answer in the socket is not too late. */
const READ_FIRST: Milliseconds = 500;

/**
 * Everything that falls due by itself, each under a key. `elapsed` counts by the monotonic clock from
 * when it was set, so that setting the wall clock neither hastens nor delays it; `date` follows the
 * wall clock. One timer runs, for whatever comes first.
 */
export class Agenda<T> implements Disposable {
  readonly #clock: Clock;
  readonly #options: AgendaOptions<T>;
  readonly #elapsed = new Heap<T>();
  readonly #dates = new Heap<T>();
  #timer: Disposable | undefined;
  /** When the timer is due, by the monotonic clock. */
  #wakes = Infinity;

  constructor(options: AgendaOptions<T>) {
    this.#options = options;
    this.#clock = options.clock;
  }

  /** Puts it down under its key, in place of what was. For the same time as before, no time is lost or gained. */
  set({ key, at, by, what }: Appointment<T>): void {
    const [heap, other] =
      by === 'date' ? [this.#dates, this.#elapsed] : [this.#elapsed, this.#dates];
    other.delete(key);
    const before = heap.get(key);
    const left = Math.max(at - this.#clock.now(), 0);
    const due = by === 'date' ? at : this.#clock.monotonic() + left;
    heap.set({ key, at, what, due: before?.at === at ? before.due : due });
    this.#arm();
  }

  has(key: string): boolean {
    return this.#elapsed.get(key) !== undefined || this.#dates.get(key) !== undefined;
  }

  delete(key: string): void {
    this.#elapsed.delete(key);
    this.#dates.delete(key);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#wakes = -Infinity; // nothing is earlier: it is never armed again
  }

  #arm(): void {
    const now = this.#clock.monotonic();
    const elapsed = (this.#elapsed.first?.due ?? Infinity) - now;
    const date = (this.#dates.first?.due ?? Infinity) - this.#clock.now();
    const left = Math.max(
      Math.min(elapsed, date, this.#dates.first ? LONGEST_TRUST_IN_WALL_CLOCK : Infinity),
      0,
    );
    if (left === Infinity || now + left >= this.#wakes) return;
    this.#timer?.[Symbol.dispose]();
    this.#wakes = now + left;
    this.#timer = this.#clock.after(left, () => this.#wake());
  }

  #wake(): void {
    const late = this.#clock.monotonic() - this.#wakes;
    this.#timer = undefined;
    this.#wakes = Infinity;
    if (late > STOOD_STILL) {
      this.#options.heldUp?.(late);
      const until = this.#clock.monotonic() + READ_FIRST;
      for (const entry of this.#elapsed.takeUntil(this.#clock.monotonic())) {
        this.#elapsed.set({ ...entry, due: until });
      }
    }
    const due = [
      ...this.#elapsed.takeUntil(this.#clock.monotonic()),
      ...this.#dates.takeUntil(this.#clock.now()),
    ];
    for (const { what } of due) this.#options.due(what);
    this.#arm();
  }
}
