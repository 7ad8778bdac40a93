import { Refusal } from '#base/refusal.ts';
import { type Clock, seconds } from '#base/time.ts';
import { Limiter, sourceOf } from '../http/limiter.ts';

/** Ten wrong tries at once, then two a minute: a person is not held up, a guesser is. */
const TRIES = { burst: 10, every: seconds(30) };

/** Slows down whoever guesses passwords, links or tokens from one address, whatever logins they try. */
export class SignInGuard {
  readonly #limiter: Limiter;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#limiter = new Limiter(TRIES, clock);
    this.#clock = clock;
  }

  /**
   * Runs a try to sign in; one that succeeds clears the address.
   *
   * @throws {Refusal} `too-many-tries` with `retryAt`.
   */
  async try<T>(address: string, attempt: () => Promise<T>): Promise<T> {
    const source = sourceOf(address);
    const wait = this.#limiter.draw(source);
    if (wait > 0) {
      const retryAt = this.#clock.now() + wait;
      throw new Refusal(
        'too-many-tries',
        `Too many tries from your address; wait ${Math.ceil(wait / 1_000)} s`,
        { retryAt },
      );
    }
    const result = await attempt();
    this.#limiter.forgive(source);
    return result;
  }
}
