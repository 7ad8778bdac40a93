/** A run splits at twice this size: small enough to shift cheaply, large enough to keep few. */
const RUN = 128;

/** So much room is kept at the front of a run before the others close up. */
const GAP = 16;

/**
 * Some of the values in order, and their keys beside them: a search reads numbers and seldom what they are of.
 * The room of what went from the front is kept for a while: what comes and goes moves the fewer of the others,
 * and of work that is served in order nothing is moved at all.
 */
class Run<T> {
  readonly keys: number[] = [];
  readonly values: (T | undefined)[] = [];
  /** Where the first stands. */
  from = 0;

  get size(): number {
    return this.values.length - this.from;
  }

  get first(): T | undefined {
    return this.values[this.from];
  }

  /** How what stands at `index` compares with `value`. */
  order(index: number, key: number, value: T, compare: (a: T, b: T) => number): number {
    const there = this.keys[index] ?? 0;
    return there === key ? compare(this.values[index] as T, value) : there - key;
  }

  /** Where `value` stands or would stand. */
  indexOf(key: number, value: T, compare: (a: T, b: T) => number): number {
    let low = this.from;
    let high = this.values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order(middle, key, value, compare) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  insert(index: number, key: number, value: T): void {
    const { keys, values, from } = this;
    let at = index;
    if (from > 0 && index - from < values.length - index) {
      this.from -= 1;
      at = index - 1;
      for (let to = from - 1; to < at; to++) this.#move(to + 1, to);
    } else {
      keys.push(key);
      values.push(value);
      for (let to = values.length - 1; to > index; to--) this.#move(to - 1, to);
    }
    keys[at] = key;
    values[at] = value;
  }

  remove(index: number): void {
    const { keys, values, from } = this;
    if (index - from < values.length - 1 - index) {
      for (let to = index; to > from; to--) this.#move(to - 1, to);
      values[from] = undefined;
      this.from += 1;
      if (this.from === GAP) this.#close();
    } else {
      for (let to = index; to < values.length - 1; to++) this.#move(to + 1, to);
      keys.pop();
      values.pop();
    }
  }

  /** What stands from the middle on, as a run of its own. */
  split(): Run<T> {
    const rest = new Run<T>();
    const middle = this.from + RUN;
    rest.keys.push(...this.keys.splice(middle));
    rest.values.push(...this.values.splice(middle));
    return rest;
  }

  *each(): IterableIterator<T> {
    for (let at = this.from; at < this.values.length; at++) yield this.values[at] as T;
  }

  #move(at: number, to: number): void {
    this.keys[to] = this.keys[at] as number;
    this.values[to] = this.values[at];
  }

  #close(): void {
    this.keys.splice(0, this.from);
    this.values.splice(0, this.from);
    this.from = 0;
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
    return this.#first.first;
  }

  add(value: T): void {
    const key = this.#keyOf(value);
    const run = this.#runFor(key, value);
    const index = run.indexOf(key, value, this.#compare);
    if (this.#isAt(run, index, key, value)) return;
    run.insert(index, key, value);
    this.#size++;
    if (run.size < 2 * RUN) return;
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
    if (run.size === 0 && this.#runs) this.#drop(run, this.#runs);
    return true;
  }

  /** How many values stand before `value`, whether or not it is there itself. */
  rank(value: T): number {
    const key = this.#keyOf(value);
    const run = this.#runFor(key, value);
    let before = run.indexOf(key, value, this.#compare) - run.from;
    for (const one of this.#runs ?? NONE) {
      if (one === run) break;
      before += one.size;
    }
    return before;
  }

  /** The first value that passes a test, in order. */
  find(test: (value: T) => boolean): T | undefined {
    for (const run of this.#runs ?? [this.#first]) {
      for (const value of run.each()) if (test(value)) return value;
    }
    return undefined;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const run of this.#runs ?? [this.#first]) yield* run.each();
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
      const run = runs[middle] ?? this.#first;
      if (run.order(run.from, key, value, this.#compare) <= 0) low = middle;
      else high = middle - 1;
    }
    return runs[low] ?? this.#first;
  }

  #isAt(run: Run<T>, index: number, key: number, value: T): boolean {
    return index < run.values.length && run.order(index, key, value, this.#compare) === 0;
  }
}

const NONE: readonly never[] = [];
