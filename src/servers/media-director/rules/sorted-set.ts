/** A chunk splits at twice this size: small enough to shift cheaply, large enough to keep few. */
const CHUNK = 128;

/** Values and their keys, side by side: a search reads numbers and seldom what they are of. */
interface Chunk<T> {
  readonly keys: number[];
  readonly values: T[];
}

/**
 * Values in order, each once. Adding and deleting cost about the square root of the size; the first is
 * at hand. Whoever changes what the order depends on takes the value out before and adds it again.
 */
export class SortedSet<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #keyOf: (value: T) => number;
  /** Neither empty chunks nor an order that a chunk's border breaks. */
  readonly #chunks: Chunk<T>[] = [];
  #size = 0;

  /**
   * @param compare A total order: 0 only for what is the same value.
   * @param keyOf The same order but for ties, which `compare` breaks; left out: all are tied.
   */
  constructor(compare: (a: T, b: T) => number, keyOf: (value: T) => number = () => 0) {
    this.#compare = compare;
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#chunks[0]?.values[0];
  }

  add(value: T): void {
    const key = this.#keyOf(value);
    const at = this.#chunkFor(key, value);
    const chunk = this.#chunks[at];
    if (!chunk) {
      this.#chunks.push({ keys: [key], values: [value] });
      this.#size++;
      return;
    }
    const { keys, values } = chunk;
    const index = this.#indexIn(chunk, key, value);
    if (this.#isAt(chunk, index, key, value)) return;
    if (index === values.length) {
      keys.push(key);
      values.push(value);
    } else {
      keys.splice(index, 0, key);
      values.splice(index, 0, value);
    }
    this.#size++;
    if (values.length < 2 * CHUNK) return;
    const rest = { keys: keys.splice(CHUNK), values: values.splice(CHUNK) };
    this.#chunks.splice(at + 1, 0, rest);
  }

  /** @returns Whether it was there. */
  delete(value: T): boolean {
    const key = this.#keyOf(value);
    const at = this.#chunkFor(key, value);
    const chunk = this.#chunks[at];
    if (!chunk) return false;
    const index = this.#indexIn(chunk, key, value);
    if (!this.#isAt(chunk, index, key, value)) return false;
    chunk.keys.splice(index, 1);
    chunk.values.splice(index, 1);
    this.#size--;
    if (chunk.values.length === 0) this.#chunks.splice(at, 1);
    return true;
  }

  /** How many values stand before `value`, whether or not it is there itself. */
  rank(value: T): number {
    const key = this.#keyOf(value);
    const at = this.#chunkFor(key, value);
    const chunk = this.#chunks[at];
    if (!chunk) return 0;
    let before = this.#indexIn(chunk, key, value);
    for (let n = 0; n < at; n++) before += this.#chunks[n]?.values.length ?? 0;
    return before;
  }

  /** The first value that passes a test, in order. */
  find(test: (value: T) => boolean): T | undefined {
    for (const { values } of this.#chunks) {
      for (const value of values) if (test(value)) return value;
    }
    return undefined;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const { values } of this.#chunks) yield* values;
  }

  /** The only chunk where `value` can be: the last that begins at or before it. */
  #chunkFor(key: number, value: T): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const chunk = this.#chunks[middle];
      if (chunk && this.#order(chunk, 0, key, value) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where `value` stands or would stand. */
  #indexIn(chunk: Chunk<T>, key: number, value: T): number {
    let low = 0;
    let high = chunk.values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order(chunk, middle, key, value) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isAt(chunk: Chunk<T>, index: number, key: number, value: T): boolean {
    return index < chunk.values.length && this.#order(chunk, index, key, value) === 0;
  }

  /** How what stands at `index` compares with `value`. */
  #order({ keys, values }: Chunk<T>, index: number, key: number, value: T): number {
    const there = keys[index] ?? 0;
    return there === key ? this.#compare(values[index] as T, value) : there - key;
  }
}
