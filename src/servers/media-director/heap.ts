/** Something that is due at a time, known by its key. */
export interface Entry<T> {
  readonly key: string;
  /** When it was asked for, as whoever set it said. */
  readonly at: number;
  readonly what: T;
  /** By the clock of its heap. */
  readonly due: number;
}

/** The earliest first; found and taken out by key as well. */
export class Heap<T> {
  readonly #entries: Entry<T>[] = [];
  readonly #places = new Map<string, number>();

  get first(): Entry<T> | undefined {
    return this.#entries[0];
  }

  get(key: string): Entry<T> | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#entries[place];
  }

  set(entry: Entry<T>): void {
    this.delete(entry.key);
    this.#entries.push(entry);
    this.#rise(this.#entries.length - 1, entry);
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    const last = this.#entries.pop();
    if (!last || last.key === key) return;
    this.#rise(this.#sink(place, last), last);
  }

  /** Takes everything out that is due at `now`, the earliest first. */
  takeUntil(now: number): Entry<T>[] {
    const taken: Entry<T>[] = [];
    for (let first = this.first; first && first.due <= now; first = this.first) {
      this.delete(first.key);
      taken.push(first);
    }
    return taken;
  }

  #put(place: number, entry: Entry<T>): void {
    this.#entries[place] = entry;
    this.#places.set(entry.key, place);
  }

  #rise(from: number, entry: Entry<T>): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#entries[above];
      if (!parent || parent.due <= entry.due) break;
      this.#put(place, parent);
      place = above;
    }
    this.#put(place, entry);
  }

  /** @returns Where the entry came to stand. */
  #sink(from: number, entry: Entry<T>): number {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const a = this.#entries[left];
      const b = this.#entries[left + 1];
      const child = b && a && b.due < a.due ? b : a;
      if (!child || child.due >= entry.due) break;
      this.#put(place, child);
      place = child === b ? left + 1 : left;
    }
    this.#put(place, entry);
    return place;
  }
}
