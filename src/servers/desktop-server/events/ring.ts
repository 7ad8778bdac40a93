/** The last `capacity` entries of a journal, for readers that come back. Positions rise by one. */
export class Ring<T extends { readonly position: number }> {
  readonly #capacity: number;
  #entries: T[] = [];
  #first = 0;
  /** The newest position, or where the ring began while it is empty. */
  #newest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get newest(): number {
    return this.#newest;
  }

  /** Forgets everything and goes on behind `position`. */
  reset(position: number): void {
    this.#entries = [];
    this.#first = 0;
    this.#newest = position;
  }

  push(entry: T): void {
    this.#entries.push(entry);
    this.#newest = entry.position;
    if (this.#entries.length - this.#first > this.#capacity) this.#first++;
    // Cutting the front off now and then costs less than shifting it at every push.
    if (this.#first > this.#capacity) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Whether all behind `position` is still here. A position of the future is of another journal. */
  covers(position: number): boolean {
    const oldest = this.#entries[this.#first]?.position ?? this.#newest + 1;
    return position >= oldest - 1 && position <= this.#newest;
  }

  /**
   * What came behind `position`, oldest first.
   *
   * @yields Entry by entry.
   */
  *since(position: number): Generator<T> {
    const oldest = this.#entries[this.#first]?.position ?? 0;
    const from = this.#first + Math.max(0, position + 1 - oldest);
    for (let at = from; at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry) yield entry;
    }
  }
}
