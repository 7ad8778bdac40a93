/** Does something for many at once: one time after the other, and what comes meanwhile is done together. */
export class Together<T> {
  readonly #work: (all: readonly T[]) => Promise<void>;
  #waiting: T[] = [];
  #next: Promise<void> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  /** @param work Does it for all; when it fails, it has failed for each. */
  constructor(work: (all: readonly T[]) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when it is done for this one. */
  add(one: T): Promise<void> {
    this.#waiting.push(one);
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<void> {
    await this.#running;
    const all = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    const done = this.#work(all);
    this.#running = done.catch(() => undefined);
    return done;
  }
}
