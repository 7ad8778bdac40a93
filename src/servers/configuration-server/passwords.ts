import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '#base/refusal.ts';

/**
 * Argon2id as OWASP's first recommendation has it: 19 MiB, 2 passes, 1 lane; some 20 ms of one core. Dearer
 * ones would make the log-in of two hundred agents at eight o'clock a queue.
 *
 * @see RFC 9106, and the OWASP Password Storage Cheat Sheet
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** They run on libuv's pool of four threads, which file access needs as well. */
const AT_ONCE = 2;
/** Four seconds' worth: whoever would wait longer is told at once. */
const MOST_WAITING = 400;

/** Of no password: checked where there is none, so that an unknown login takes as long as a known one. */
const OF_NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$wrFOT+cVZiUjVgn/ctj5aA$Ln43FHCVm872na3ok77x3S9NG/+CDx5x6CYs35lPhVE';

/** Hashes and checks passwords off the event loop, a few at once. */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws {Refusal} `busy` when too many wait. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(normal(password), COST));
  }

  /**
   * Whether it is the password of that hash; where there is none, false after the same work.
   *
   * @throws {Refusal} `busy` when too many wait.
   */
  async isRight(password: string, stored: string | undefined): Promise<boolean> {
    const isEqual = await this.#inTurn(() => verify(stored ?? OF_NOBODY, normal(password)));
    return isEqual && stored !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) {
        throw new Refusal('busy', 'Too many people sign in at once: try again in a moment');
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/** The same password however a keyboard composes its letters. @see NIST SP 800-63B §3.1.1.2 */
const normal = (password: string): string => password.normalize('NFKC');
