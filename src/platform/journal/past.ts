import type { Instant } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import type { JournalEvent } from './journal.ts';
import { JournalStatements } from './statements.ts';

/** How many events are held at once: the bound of a reader's memory, and a few milliseconds of parsing. */
const CHUNK = 500;

/** What a stream holds already, for readers who are in no hurry. Nothing of it changes any more. */
export class JournalPast<Body> {
  readonly #database: Database;
  readonly #statements: JournalStatements;

  constructor(database: Database, { schema, stream }: { schema: string; stream: string }) {
    this.#database = database;
    this.#statements = new JournalStatements(schema, stream);
  }

  /** The newest position; 0 where the stream is empty. */
  async head(): Promise<number> {
    const [row] = await this.#database.query<{ head: number }>(this.#statements.head());
    return row?.head ?? 0;
  }

  /** The next events behind `since` up to and with `until`, some hundred at most; none where there are none. */
  chunk(since: number, until: number): Promise<JournalEvent<Body>[]> {
    return this.#database.query<JournalEvent<Body>>(this.#statements.read(since, until, CHUNK));
  }

  /**
   * Reads on behind `since` up to and with `until`.
   *
   * @yields Every event once, in order.
   * @throws The signal's reason.
   */
  async *read(
    since: number,
    until: number,
    signal: AbortSignal,
  ): AsyncGenerator<JournalEvent<Body>, void> {
    for (let at = since; at < until;) {
      signal.throwIfAborted();
      const events = await this.chunk(at, until);
      yield* events;
      const last = events.at(-1);
      if (!last) return;
      at = last.position;
    }
  }

  /**
   * The events behind `since` up to and with `until` whose body has these members. Looking through a
   * million takes a second or two: ask for less at a time.
   */
  search(
    having: Readonly<Record<string, unknown>>,
    since: number,
    until: number,
  ): Promise<JournalEvent<Body>[]> {
    return this.#database.query<JournalEvent<Body>>(this.#statements.search(having, since, until));
  }

  /**
   * The last position before `at`, by halving; 0 where everything is later. Wall clocks may be set back:
   * near such a moment it is a position of about that time.
   */
  async positionBefore(at: Instant): Promise<number> {
    let low = 0;
    let high = await this.head();
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const [row] = await this.#database.query<{ at: number }>(this.#statements.timeOf(middle));
      if (!row || row.at < at) low = middle; // what is no longer kept was before
      else high = middle - 1;
    }
    return low;
  }
}
