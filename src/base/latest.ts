/** A value of which only the newest counts, and those who wait for it to change. */
export class Latest<T> {
  #value: T;
  /** Rises with every change. */
  #version = 0;
  #changed = Promise.withResolvers<void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    this.#version += 1;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /**
   * The value at once and then whenever it has changed; a slow reader misses what was between, never
   * the newest. Ends with the signal.
   *
   * @yields The newest value.
   */
  async *follow(signal: AbortSignal): AsyncGenerator<T, void> {
    const aborted = Promise.withResolvers<void>();
    const stop = () => aborted.resolve();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (let seen = -1; !signal.aborted;) {
        if (seen === this.#version) await Promise.race([this.#changed.promise, aborted.promise]);
        if (signal.aborted) return;
        seen = this.#version;
        yield this.#value;
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
