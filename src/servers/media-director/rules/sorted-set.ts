/** A run splits at twice this size: small enough to shift cheaply, large enough to keep few. */
const RUN = 128;

/** Some of the values in order, and their keys beside them: a search reads numbers and seldom what they are of. */
class Run<T> {
  readonly keys: number[] = [];
  readonly values: T[] = [];

  /** How what stands at `index` compares with `value`. */
  order(index: number, key: number, value: T, compare: (a: T, b: T) => number): number {
    const there = this.keys[index] ?? 0;
    return there === key ? compare(this.values[index] as T, value) : there - key;
  }

  /** Where `value` stands or would stand. */
  indexOf(key: number, value: T, compare: (a: T, b: T) => number): number {
    let low = 0;
    let high = this.values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order(middle, key, value, compare) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Shifting by hand makes no list of what went, as splicing does. */
  insert(index: number, key: number, value: T): void {
    const { keys, values } = this;
    keys.push(key);
    values.push(value);
    for (let at = values.length - 1; at > index; at--) {
      keys[at] = keys[at - 1] as number;
      values[at] = values[at - 1] as T;
    }
    keys[index] = key;
    values[index] = value;
  }

  remove(index: number): void {
    const { keys, values } = this;
    for (let at = index + 1; at < values.length; at++) {
      keys[at - 1] = keys[at] as number;
      values[at - 1] = values[at] as T;
    }
    keys.pop();
    values.pop();
  }

  /** What stands from the middle on, as a run of its own. */
  split(): Run<T> {
    const rest = new Run<T>();
    rest.keys.push(...this.keys.splice(RUN));
    rest.values.push(...this.values.splice(RUN));
    return rest;
  }
}

/**
 * Values in order, each once. Adding and deleting cost about the square root of the size; the first is
 * at hand. Whoever changes what the order depends on takes the value out before and adds it again.
 */
export class SortedSet<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #keyOf: (value: T) => number;
  #first = new Run<T>();
  /** All runs, where there are several: none is empty, and no border breaks the order. */
  #runs: Run<T>[] | undefined;
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
    return this.#first.values[0];
  }

  add(value: T): void {
    const key = this.#keyOf(value);
    const run = this.#runFor(key, value);
    const index = run.indexOf(key, value, this.#compare);
    if (this.#isAt(run, index, key, value)) return;
    run.insert(index, key, value);
    this.#size++;
    if (run.values.length < 2 * RUN) return;
    this.#runs ??= [run];
    this.#runs.splice(this.#runs.indexOf(run) + 1, 0, run.split());
  }

  /** @returns Whether it was there. */
  delete(value: T): boolean {
    const key = this.#keyOf(value);
    const run = this.#runFor(key, value);
    const index = run.indexOf(key, value, this.#compare);
    if (!this.#isAt(run, index, key, value)) return false;
    run.remove(index);
    this.#size--;
    if (run.values.length === 0 && this.#runs) this.#drop(run, this.#runs);
    return true;
  }

  /** How many values stand before `value`, whether or not it is there itself. */
  rank(value: T): number {
    const key = this.#keyOf(value);
    const run = this.#runFor(key, value);
    let before = run.indexOf(key, value, this.#compare);
    for (const one of this.#runs ?? NONE) {
      if (one === run) break;
      before += one.values.length;
    }
    return before;
  }

  /** The first value that passes a test, in order. */
  find(test: (value: T) => boolean): T | undefined {
    for (const { values } of this.#runs ?? [this.#first]) {
      for (const value of values) if (test(value)) return value;
    }
    return undefined;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const { values } of this.#runs ?? [this.#first]) yield* values;
  }

  #drop(run: Run<T>, runs: Run<T>[]): void {
    runs.splice(runs.indexOf(run), 1);
    this.#first = runs[0] ?? run;
    if (runs.length === 1) this.#runs = undefined;
  }

  /** The only run where `value` can be: the last that begins at or before it. */
  #runFor(key: number, value: T): Run<T> {
    const runs = this.#runs;
    if (!runs) return this.#first;
    let low = 0;
    let high = runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((runs[middle]?.order(0, key, value, this.#compare) ?? 1) <= 0) low = middle;
      else high = middle - 1;
    }
    return runs[low] ?? this.#first;
  }

  #isAt(run: Run<T>, index: number, key: number, value: T): boolean {
    return index < run.values.length && run.order(index, key, value, this.#compare) === 0;
  }
}

const NONE: readonly never[] = [];
