import type { Instant, Milliseconds } from '#base/time.ts';
import { CHECK_IN_EVERY, type Seat, type SeatHolder } from '../contract.ts';
import { keyOf, limitNames } from './limit-names.ts';

/** A holder who has missed three check-ins is gone. */
const LAPSES_AFTER: Milliseconds = 3 * CHECK_IN_EVERY;

interface Kept {
  seat: Seat;
  checkedIn: Milliseconds;
}

/** Who sits where. Soft state: a seat that is not checked in for lapses. */
export class SeatRegister {
  readonly #kept = new Map<string, Kept>();
  readonly #used = new Map<string, number>();

  /** Whether a holder has a seat. */
  has(holder: SeatHolder): boolean {
    return this.#kept.has(keyOf(holder));
  }

  /** How many seats count against a limit. */
  used(name: string): number {
    return this.#used.get(name) ?? 0;
  }

  /** Every name that seats count against. */
  names(): string[] {
    return [...this.#used.keys()];
  }

  /** All seats, in the order in which they were taken. */
  all(): Seat[] {
    return [...this.#kept.values()].map(({ seat }) => seat);
  }

  /**
   * Takes a seat or keeps it.
   *
   * @param at The wall clock for people, the other for lapsing: it cannot jump.
   */
  put(
    holder: SeatHolder,
    through: string,
    at: { readonly now: Instant; readonly monotonic: Milliseconds },
  ): Seat {
    const key = keyOf(holder);
    const before = this.#kept.get(key)?.seat;
    const seat = { holder, through, since: before?.since ?? at.now, checkedInAt: at.now };
    if (before) this.#count(before.holder, -1);
    this.#count(holder, 1);
    this.#kept.set(key, { seat, checkedIn: at.monotonic });
    return seat;
  }

  /** Frees a seat. @returns Whether there was one. */
  release(holder: Parameters<typeof keyOf>[0]): boolean {
    const kept = this.#kept.get(keyOf(holder));
    if (!kept) return false;
    this.#kept.delete(keyOf(holder));
    this.#count(kept.seat.holder, -1);
    return true;
  }

  /** Frees the seats of those who have not checked in. @returns Whose they were. */
  lapse(monotonic: Milliseconds): Seat[] {
    const lapsed = [...this.#kept.values()].filter(
      ({ checkedIn }) => monotonic - checkedIn > LAPSES_AFTER,
    );
    for (const { seat } of lapsed) this.release(seat.holder);
    return lapsed.map(({ seat }) => seat);
  }

  #count(holder: SeatHolder, by: number): void {
    for (const name of limitNames(holder)) {
      const used = this.used(name) + by;
      if (used > 0) this.#used.set(name, used);
      else this.#used.delete(name);
    }
  }
}
