import { type KeptEntry, encodeLine } from './rules/kept-line.ts';

/** The newest entries in memory, up to a bound in bytes: what consoles read that keep up. */
export class RecentEntries {
  readonly #mostBytes: number;
  readonly #entries: { readonly kept: KeptEntry; readonly bytes: number }[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The oldest number held; nothing while it is empty. */
  get first(): number | undefined {
    return this.#entries[0]?.kept.n;
  }

  add(entries: readonly KeptEntry[]): void {
    for (const kept of entries) {
      const bytes = encodeLine(kept).length;
      this.#entries.push({ kept, bytes });
      this.#bytes += bytes;
    }
    let drop = 0;
    while (this.#bytes > this.#mostBytes && drop < this.#entries.length - 1) {
      this.#bytes -= this.#entries[drop]?.bytes ?? 0;
      drop += 1;
    }
    if (drop > 0) this.#entries.splice(0, drop);
  }

  /** Up to `limit` of the entries behind `since`, in order. */
  behind(since: number, limit: number): KeptEntry[] {
    let low = 0;
    for (let high = this.#entries.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.kept.n ?? Infinity) <= since) low = middle + 1;
      else high = middle;
    }
    return this.#entries.slice(low, low + limit).map(({ kept }) => kept);
  }
}
