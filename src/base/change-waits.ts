import type { Clock, Milliseconds } from './time.ts';

/** Those who wait for something to change that others are about to tell of. */
export class ChangeWaits<Key> {
  readonly #clock: Clock;
  readonly #waiting = new Map<Key, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it has changed, or after `longest`. */
  async wait(key: Key, longest: Milliseconds): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.after(longest, resolve);
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting.add(resolve));
    await promise;
    timer[Symbol.dispose]();
    waiting.delete(resolve);
    if (waiting.size === 0) this.#waiting.delete(key);
  }

  changed(key: Key): void {
    for (const resolve of this.#waiting.get(key) ?? []) resolve();
  }
}
