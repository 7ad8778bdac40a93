/** One change and its number. */
export interface Numbered<Change> {
  readonly number: number;
  readonly change: Change;
}

/** Reads up to `limit` changes behind `since`, in order. An empty answer means there are none. */
export type ReadChanges<Change> = (
  since: number,
  limit: number,
) => Promise<readonly Numbered<Change>[]>;

/** Enough to fill a connection's window, few enough to hold in memory for every reader. */
const PAGE = 256;

/**
 * Changes that stand in a table, for those who follow them. Only what the table holds is handed out,
 * each change once and in order; numbers may have gaps.
 */
export class Feed<Change> {
  readonly #read: ReadChanges<Change>;
  #newest: number;
  readonly #sleepers = new Set<() => void>();

  /** @param newest The newest number in the table, or 0. */
  constructor(read: ReadChanges<Change>, newest: number) {
    this.#read = read;
    this.#newest = newest;
  }

  /** The newest number told of. */
  get newest(): number {
    return this.#newest;
  }

  /** Tells followers that everything up to `number` can be read now. Lower numbers than before are ignored. */
  announce(number: number): void {
    if (number <= this.#newest) return;
    this.#newest = number;
    for (const wake of this.#sleepers) wake();
  }

  /**
   * Every change behind `since`, those that stand and those to come, until the signal aborts.
   *
   * @yields Each change once, by number.
   * @throws What reading throws: the reader begins again behind the last number it holds.
   */
  async *follow(since: number, signal: AbortSignal): AsyncGenerator<Numbered<Change>> {
    let at = since;
    while (!signal.aborted) {
      const newest = this.#newest; // taken before reading: what comes meanwhile is not missed
      const page = await this.#read(at, PAGE);
      for (const item of page) {
        if (signal.aborted) return;
        at = item.number;
        yield item;
      }
      if (page.length === 0) await this.#news(newest, signal);
    }
  }

  /** Resolves once something newer than `newest` was announced, or the signal aborts. */
  #news(newest: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#newest > newest || signal.aborted) return resolve();
      const wake = (): void => {
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#sleepers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
