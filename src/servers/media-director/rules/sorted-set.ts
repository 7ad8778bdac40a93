/** A chunk splits at twice this size: small enough to shift cheaply, large enough to keep few. */
const CHUNK = 256;

/**
 * Values in order, each once. Adding and deleting cost about the square root of the size; the first is
 * at hand. Whoever changes what the order depends on takes the value out before and adds it again.
 */
export class SortedSet<T> {
  readonly #compare: (a: T, b: T) => number;
  /** Neither empty chunks nor an order that a chunk's border breaks. */
  readonly #chunks: T[][] = [];
  #size = 0;

  /** @param compare A total order: 0 only for what is the same value. */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  add(value: T): void {
    const at = this.#chunkFor(value);
    const chunk = this.#chunks[at];
    if (!chunk) {
      this.#chunks.push([value]);
      this.#size++;
      return;
    }
    const index = this.#indexIn(chunk, value);
    const there = chunk[index];
    if (there !== undefined && this.#compare(there, value) === 0) return;
    chunk.splice(index, 0, value);
    this.#size++;
    if (chunk.length >= 2 * CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK));
  }

  /** @returns Whether it was there. */
  delete(value: T): boolean {
    const at = this.#chunkFor(value);
    const chunk = this.#chunks[at];
    if (!chunk) return false;
    const index = this.#indexIn(chunk, value);
    const there = chunk[index];
    if (there === undefined || this.#compare(there, value) !== 0) return false;
    chunk.splice(index, 1);
    this.#size--;
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    return true;
  }

  /** The value that the order cannot tell from this one. */
  get(value: T): T | undefined {
    const chunk = this.#chunks[this.#chunkFor(value)];
    const there = chunk?.[this.#indexIn(chunk, value)];
    return there !== undefined && this.#compare(there, value) === 0 ? there : undefined;
  }

  /** How many values stand before `value`, whether or not it is there itself. */
  rank(value: T): number {
    const at = this.#chunkFor(value);
    const chunk = this.#chunks[at];
    if (!chunk) return 0;
    let before = this.#indexIn(chunk, value);
    for (let n = 0; n < at; n++) before += this.#chunks[n]?.length ?? 0;
    return before;
  }

  /** The first value that passes a test, in order. */
  find(test: (value: T) => boolean): T | undefined {
    for (const chunk of this.#chunks) for (const value of chunk) if (test(value)) return value;
    return undefined;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** The only chunk where `value` can be: the last that begins at or before it. */
  #chunkFor(value: T): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const start = this.#chunks[middle]?.[0];
      if (start !== undefined && this.#compare(start, value) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where `value` stands or would stand. */
  #indexIn(chunk: readonly T[], value: T): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = chunk[middle];
      if (there !== undefined && this.#compare(there, value) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
