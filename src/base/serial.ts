/** Runs one piece of work after the other. Whoever hands work in bounds how much of it waits. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when all before it has ended, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
