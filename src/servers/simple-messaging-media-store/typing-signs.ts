import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Typing } from './contract.ts';

/** A sign that is not renewed ends: whoever types says so again every few seconds. */
const LASTS: Milliseconds = seconds(8);
/** The same said again within this time goes no further. */
const SAID_AGAIN_AFTER: Milliseconds = seconds(2);
const SWEEP_EVERY: Milliseconds = seconds(1);
/** At most so many type at once; further ones go unseen. */
const MOST_SIGNS = 50_000;
/** What a reader has not fetched; the oldest goes, it is of the past anyway. */
const MOST_UNREAD = 1_000;

interface Sign {
  readonly sign: Typing;
  until: Milliseconds;
  readonly saidAt: Milliseconds;
}

/** Who is typing now: signs of the moment, never stored. */
export class TypingSigns implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #signs = new Map<string, Sign>();
  readonly #readers = new Set<{ unread: Typing[]; wake: () => void }>();
  #sweep: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  say(sign: Typing): void {
    const now = this.#clock.monotonic();
    const key = `${sign.conversation}/${sign.party}/${sign.agent ?? ''}`;
    const before = this.#signs.get(key);
    if (!sign.typing) {
      if (this.#signs.delete(key)) this.#announce(sign);
      return;
    }
    if (before && now - before.saidAt < SAID_AGAIN_AFTER) {
      before.until = now + LASTS;
      return;
    }
    if (!before && this.#signs.size >= MOST_SIGNS) return;
    this.#signs.set(key, { sign, until: now + LASTS, saidAt: now });
    this.#announce(sign);
    this.#sweepLater();
  }

  /**
   * Signs from now on, until the signal.
   *
   * @yields Each as it is said, and its end.
   */
  async *follow(signal: AbortSignal): AsyncGenerator<Typing> {
    const reader = { unread: [] as Typing[], wake: (): void => undefined };
    const stop = (): void => reader.wake();
    signal.addEventListener('abort', stop, { once: true });
    this.#readers.add(reader);
    try {
      while (!signal.aborted) {
        const unread = reader.unread.splice(0);
        yield* unread;
        if (reader.unread.length > 0 || signal.aborted) continue;
        await new Promise<void>((resolve) => (reader.wake = resolve));
      }
    } finally {
      this.#readers.delete(reader);
      signal.removeEventListener('abort', stop);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweep?.[Symbol.dispose]();
    this.#signs.clear();
  }

  #announce(sign: Typing): void {
    for (const reader of this.#readers) {
      if (reader.unread.length >= MOST_UNREAD) reader.unread.shift();
      reader.unread.push(sign);
      reader.wake();
    }
  }

  #sweepLater(): void {
    this.#sweep ??= this.#clock.after(SWEEP_EVERY, () => {
      this.#sweep = undefined;
      const now = this.#clock.monotonic();
      for (const [key, { sign, until }] of this.#signs) {
        if (until > now) continue;
        this.#signs.delete(key);
        this.#announce({ ...sign, typing: false });
      }
      if (this.#signs.size > 0) this.#sweepLater();
    });
  }
}
