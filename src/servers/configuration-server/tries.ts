import type { Clock, Milliseconds } from '#base/time.ts';
import { type Tries as Tried, isForgiven, triedAt, waitOf } from './rules/throttle.ts';

/** Logins remembered; the oldest is forgotten first. To fill it costs a stranger hours of waiting. */
const MOST_LOGINS = 50_000;

/** Wrong passwords by login. Kept in memory: a restart forgives, and nobody outside can cause one. */
export class Tries {
  readonly #clock: Clock;
  readonly #byLogin = new Map<string, Tried>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long this login must wait; 0 when it may be tried now. */
  waitOf(login: string): Milliseconds {
    return waitOf(this.#byLogin.get(login), this.#clock.monotonic());
  }

  /** To be said before the password is checked, so that a thousand tries at once count as a thousand. */
  begin(login: string): void {
    const now = this.#clock.monotonic();
    const tried = triedAt(this.#byLogin.get(login), now);
    this.#byLogin.delete(login);
    this.#byLogin.set(login, tried); // the newest stands last
    this.#forgetOldest(now);
  }

  /** The password was right: nothing counts any more. */
  succeed(login: string): void {
    this.#byLogin.delete(login);
  }

  /** It was not checked after all. */
  takeBack(login: string): void {
    const tried = this.#byLogin.get(login);
    if (tried) this.#byLogin.set(login, { ...tried, wrong: tried.wrong - 1 });
  }

  #forgetOldest(now: Milliseconds): void {
    for (const [login, tried] of this.#byLogin) {
      if (this.#byLogin.size <= MOST_LOGINS && !isForgiven(tried, now)) return;
      this.#byLogin.delete(login);
    }
  }
}
