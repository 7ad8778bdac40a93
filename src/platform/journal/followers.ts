import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '#base/refusal.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import { RecentEvents } from './recent-events.ts';
import type { Database } from '#platform/database/database.ts';
import type { JournalEvent } from './journal.ts';
import type { EventRow, JournalStatements } from './statements.ts';

/** How many events a follower holds at once: the bound of its memory, whatever its speed. */
const CHUNK = 256;

const RETRY_AFTER = 250;

/** Hands the durable events of one stream to any number of readers, each at its own speed. */
export class Followers<Body> {
  readonly #database: Database;
  readonly #statements: JournalStatements;
  readonly #recent = new RecentEvents<Body>();
  readonly #wakers = new Set<() => void>();
  #head: number;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(database: Database, statements: JournalStatements, head: number) {
    this.#database = database;
    this.#statements = statements;
    this.#head = head;
  }

  /** The newest event that readers may see. */
  get head(): number {
    return this.#head;
  }

  /** Takes in events that have become durable. */
  add(events: readonly JournalEvent<Body>[], sizes: readonly number[]): void {
    for (const [index, event] of events.entries()) this.#recent.add(event, sizes[index] ?? 0);
    this.#head = events.at(-1)?.position ?? this.#head;
    this.#wake();
  }

  /**
   * Learns that the stream has got further; what is new is read from the table. What is no position is
   * ignored: it came over a bus.
   */
  advance(head: number): void {
    if (!Number.isSafeInteger(head) || head <= this.#head) return;
    this.#head = head;
    this.#wake();
  }

  /** Ends all readers, with `error` for those that must not take it for the end of the stream. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake();
  }

  /**
   * Reads on behind `since` until the signal.
   *
   * @yields Every event once, in order.
   * @see Journal.follow
   */
  async *follow(since: number, signal: AbortSignal): AsyncGenerator<JournalEvent<Body>, void> {
    if (!Number.isSafeInteger(since) || since < 0 || since > this.#head) {
      throw new Refusal(
        'unknown-cursor',
        `Cannot follow from ${since}: the stream ends at ${this.#head}`,
      );
    }
    let wake: (() => void) | undefined;
    const onAbort = (): void => wake?.();
    signal.addEventListener('abort', onAbort);
    try {
      for (let at = since; !signal.aborted;) {
        if (at === this.#head) {
          if (this.#end?.error) throw this.#end.error;
          if (this.#end) return;
          const { promise, resolve } = Promise.withResolvers<void>();
          this.#wakers.add((wake = resolve));
          await promise;
          this.#wakers.delete(resolve);
          continue;
        }
        for (const event of this.#recent.after(at, CHUNK) ?? (await this.#read(at, signal))) {
          at = event.position;
          yield event;
          if (signal.aborted) return;
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Reads the next events from the table; while the database is gone, tries again until the signal. */
  async #read(since: number, signal: AbortSignal): Promise<readonly JournalEvent<Body>[]> {
    for (;;) {
      try {
        const rows = await this.#database.query<EventRow>(
          this.#statements.read(since, this.#head, CHUNK),
        );
        if (rows[0]?.position === since + 1) return rows as readonly JournalEvent<Body>[];
        throw new Refusal('unknown-cursor', `Cannot follow from ${since}: what came next is gone`);
      } catch (error) {
        if (!(error instanceof DatabaseGoneError)) throw error;
        if (this.#end) throw error;
        await sleep(RETRY_AFTER, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return [];
      }
    }
  }

  #wake(): void {
    for (const wake of this.#wakers) wake();
  }
}
