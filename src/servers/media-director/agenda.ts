import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import { TimerWheel, type Timer } from './timer-wheel.ts';

/** One thing to do at a time. */
export interface Appointment<T> {
  /** The same for the same purpose: what is put down later takes the place of what was. */
  readonly key: string;
  readonly at: Instant;
  readonly by: 'elapsed' | 'date';
  /** It is kept also where its subject does not name it any more. */
  readonly stays?: boolean;
  readonly command: T;
}

export interface AgendaOptions<T> {
  readonly clock: Clock;
  /** Does what has fallen due. Must not throw. */
  readonly due: (command: T) => void;
  /** Told when this process was held up for so long; what fell due meanwhile is put off for a moment. */
  readonly heldUp?: (late: Milliseconds) => void;
}

/** A wall clock may be set at any time: dates are looked at again this often. */
const LONGEST_TRUST_IN_WALL_CLOCK: Milliseconds = 10_000;

/** Later than this, it is not the timer that was late: the machine or the process stood still. */
const STOOD_STILL: Milliseconds = 1_000;

/** What came in while the process stood still is read first: an answer in the socket is not too late. */
const READ_FIRST: Milliseconds = 500;

interface Kept<T> {
  readonly subject: string;
  appointment: Appointment<T>;
  timer?: Timer<Kept<T>>;
}

/**
 * Everything that falls due by itself, each under a key and all of one subject together. `elapsed` counts by
 * the monotonic clock from when it was put down, so that setting the wall clock neither hastens nor delays
 * it; `date` follows the wall clock. What falls due at the same time comes in the order in which it was put
 * down, what has elapsed first. One timer runs, for whatever comes first.
 */
export class Agenda<T> implements Disposable {
  readonly #clock: Clock;
  readonly #options: AgendaOptions<T>;
  readonly #elapsed: TimerWheel<Kept<T>>;
  readonly #dates: TimerWheel<Kept<T>>;
  readonly #kept = new Map<string, Kept<T>[]>();
  #timer: Disposable | undefined;
  /** When the timer is due, by the monotonic clock. */
  #wakes = Infinity;

  constructor(options: AgendaOptions<T>) {
    this.#options = options;
    this.#clock = options.clock;
    this.#elapsed = new TimerWheel(options.clock.monotonic());
    this.#dates = new TimerWheel(options.clock.now());
  }

  /**
   * Puts down all there is for a subject, in place of what was. For the same time as before, no time is lost
   * or gained.
   */
  set(subject: string, appointments: readonly Appointment<T>[]): void {
    const before = this.#kept.get(subject);
    if (!before && appointments.length === 0) return;
    const kept = (before ?? []).filter((one) => {
      const { key, stays } = one.appointment;
      const isKept = stays || appointments.some((appointment) => appointment.key === key);
      if (!isKept) this.#cancel(one);
      return isKept;
    });
    for (const appointment of appointments) {
      const known = kept.find((one) => one.appointment.key === appointment.key);
      if (known) this.#move(known, appointment);
      else kept.push(this.#put({ subject, appointment }));
    }
    if (kept.length > 0) this.#kept.set(subject, kept);
    else this.#kept.delete(subject);
  }

  has(subject: string): boolean {
    return this.#kept.has(subject);
  }

  /** Strikes out all of a subject. */
  delete(subject: string): void {
    for (const one of this.#kept.get(subject) ?? []) this.#cancel(one);
    this.#kept.delete(subject);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#wakes = -Infinity; // nothing is earlier: it is never armed again
  }

  #put(one: Kept<T>): Kept<T> {
    const { at, by } = one.appointment;
    const now = this.#wallClock();
    one.timer =
      by === 'date'
        ? this.#dates.put(at, one)
        : this.#elapsed.put(this.#clock.monotonic() + Math.max(at - now, 0), one);
    this.#arm();
    return one;
  }

  #move(one: Kept<T>, to: Appointment<T>): void {
    const { at, by } = one.appointment;
    const isSame = to.at === at && to.by === by;
    if (!isSame) this.#cancel(one);
    one.appointment = to;
    if (!isSame) this.#put(one);
  }

  #cancel({ timer, appointment: { by } }: Kept<T>): void {
    if (timer) (by === 'date' ? this.#dates : this.#elapsed).cancel(timer);
  }

  #arm(): void {
    const now = this.#clock.monotonic();
    const date = this.#dates.next;
    const left = Math.max(
      Math.min(
        this.#elapsed.next - now,
        date - this.#clock.now(),
        date < Infinity ? LONGEST_TRUST_IN_WALL_CLOCK : Infinity,
      ),
      0,
    );
    if (left === Infinity || now + left >= this.#wakes) return;
    this.#timer?.[Symbol.dispose]();
    this.#wakes = now + left;
    this.#timer = this.#clock.after(left, () => this.#wake());
  }

  #wake(): void {
    const now = this.#clock.monotonic();
    const late = now - this.#wakes;
    this.#timer = undefined;
    this.#wakes = Infinity;
    const elapsed = this.#elapsed.takeUntil(now);
    const isHeldUp = late > STOOD_STILL;
    if (isHeldUp) {
      for (const one of elapsed) one.timer = this.#elapsed.put(now + READ_FIRST, one);
      this.#options.heldUp?.(late);
    }
    const due = [...(isHeldUp ? [] : elapsed), ...this.#dates.takeUntil(this.#wallClock())];
    for (const one of due) this.#forget(one);
    for (const { appointment } of due) this.#options.due(appointment.command);
    this.#arm();
  }

  /** What the wall clock says; where it was set back, dates are as far away as it says. */
  #wallClock(): Instant {
    const now = this.#clock.now();
    this.#dates.setBack(now);
    return now;
  }

  #forget(one: Kept<T>): void {
    const rest = this.#kept.get(one.subject)?.filter((other) => other !== one) ?? [];
    if (rest.length > 0) this.#kept.set(one.subject, rest);
    else this.#kept.delete(one.subject);
  }
}
