import type { JournalEvent } from './journal.ts';

/** Enough for a follower that is a second behind at full speed; more is read from the table. */
const MOST_EVENTS = 8_192;
const MOST_BYTES = 8 * 1024 * 1024;

/** The newest events of a stream, in memory, so that followers who keep up cost the database nothing. */
export class RecentEvents<Body> {
  #events: JournalEvent<Body>[] = [];
  #sizes: number[] = [];
  /** Events before this index are dropped; they are cut off in one go when they are half of the array. */
  #start = 0;
  #bytes = 0;

  /** Adds the event after the newest one. @param size Its length as JSON. */
  add(event: JournalEvent<Body>, size: number): void {
    this.#events.push(event);
    this.#sizes.push(size);
    this.#bytes += size;
    while (this.#events.length - this.#start > MOST_EVENTS || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#sizes[this.#start++] ?? 0;
    }
    if (this.#start > this.#events.length / 2 && this.#start > 64) {
      this.#events = this.#events.slice(this.#start);
      this.#sizes = this.#sizes.slice(this.#start);
      this.#start = 0;
    }
  }

  /** At most `limit` events behind `since`, or nothing when the first of them is no longer here. */
  after(since: number, limit: number): readonly JournalEvent<Body>[] | undefined {
    const oldest = this.#events[this.#start];
    if (!oldest || since + 1 < oldest.position) return undefined;
    const from = this.#start + (since + 1 - oldest.position);
    return this.#events.slice(from, from + limit);
  }
}
