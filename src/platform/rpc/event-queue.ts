import type { StreamItem } from '#base/contract.ts';

/** Events that arrived and wait for their reader: one reader, a bound kept by whoever pushes. */
export class EventQueue {
  readonly #items: StreamItem<unknown>[] = [];
  #head = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: StreamItem<unknown>): void {
    if (this.#end) return;
    this.#items.push(item);
    this.#wake?.();
  }

  /** No event comes after this; those that wait are still read. The first end counts. */
  end(error?: unknown): void {
    if (this.#end) return;
    this.#end = error === undefined ? {} : { error };
    this.#wake?.();
  }

  /** The next event; undefined at a sound end. Throws what the queue ended with. */
  async next(): Promise<StreamItem<unknown> | undefined> {
    for (;;) {
      const item = this.#shift();
      if (item) return item;
      if (this.#end) {
        if ('error' in this.#end) throw this.#end.error;
        return undefined;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
  }

  #shift(): StreamItem<unknown> | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#head++;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    }
    return item;
  }
}
