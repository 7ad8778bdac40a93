/** A set of small whole numbers, a bit each: two of them are compared 32 members at a time. */
export class BitSet {
  #words = new Uint32Array(4);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(member: number): boolean {
    return (((this.#words[member >>> 5] ?? 0) >>> (member & 31)) & 1) === 1;
  }

  add(member: number): void {
    const at = member >>> 5;
    if (at >= this.#words.length) this.#grow(at + 1);
    const before = this.#words[at] ?? 0;
    const after = (before | (1 << (member & 31))) >>> 0;
    if (after === before) return;
    this.#words[at] = after;
    this.#size++;
  }

  delete(member: number): void {
    const at = member >>> 5;
    const before = this.#words[at] ?? 0;
    const after = (before & ~(1 << (member & 31))) >>> 0;
    if (after === before) return;
    this.#words[at] = after;
    this.#size--;
  }

  /** Every member, in rising order. */
  each(visit: (member: number) => void): void {
    this.eachIn(this, visit);
  }

  /** Every member that `other` has too, in rising order. Neither may change meanwhile. Of `other` nothing is read where this one has nothing. */
  eachIn(other: BitSet, visit: (member: number) => void): void {
    const [mine, theirs] = [this.#words, other.#words];
    const length = Math.min(mine.length, theirs.length);
    for (let at = 0; at < length; at++) {
      let left = mine[at] ?? 0;
      if (left !== 0) left &= theirs[at] ?? 0;
      while (left !== 0) {
        const lowest = left & -left;
        visit((at << 5) + 31 - Math.clz32(lowest));
        left ^= lowest;
      }
    }
  }

  /** The first member from `from` on that `other` has too; -1 where there is none. Quicker than a visit where little is done with each. */
  nextIn(other: BitSet, from: number): number {
    const [mine, theirs] = [this.#words, other.#words];
    const length = Math.min(mine.length, theirs.length);
    let mask = -1 << (from & 31);
    for (let at = from >>> 5; at < length; at++) {
      let left = (mine[at] ?? 0) & mask;
      if (left !== 0) left &= theirs[at] ?? 0;
      if (left !== 0) return (at << 5) + 31 - Math.clz32(left & -left);
      mask = -1;
    }
    return -1;
  }

  /** Another set of the same members. */
  copy(): BitSet {
    const copy = new BitSet();
    copy.#words = this.#words.slice();
    copy.#size = this.#size;
    return copy;
  }

  /** Keeps what `other` has too. */
  keep(other: BitSet): void {
    for (let at = 0; at < this.#words.length; at++) {
      this.#words[at] = (this.#words[at] ?? 0) & (other.#words[at] ?? 0);
    }
    this.#recount();
  }

  /** Takes in what `other` has. */
  join(other: BitSet): void {
    if (other.#words.length > this.#words.length) this.#grow(other.#words.length);
    for (let at = 0; at < other.#words.length; at++) {
      this.#words[at] = (this.#words[at] ?? 0) | (other.#words[at] ?? 0);
    }
    this.#recount();
  }

  #grow(least: number): void {
    const words = new Uint32Array(Math.max(least, this.#words.length * 2));
    words.set(this.#words);
    this.#words = words;
  }

  #recount(): void {
    let size = 0;
    for (const word of this.#words) {
      let left = word;
      for (; left !== 0; size++) left &= left - 1;
    }
    this.#size = size;
  }
}
