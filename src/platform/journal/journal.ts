import type { Bus } from '#platform/bus/bus.ts';
import type { Transaction } from '#platform/database/database.ts';

/** One fact, as a journal keeps it. */
export interface JournalEvent<Body = unknown> {
  /** 1, 2, 3, … without gaps within its stream. */
  readonly position: number;
  /** When it happened, by the writer's wall clock. */
  readonly at: number;
  readonly body: Body;
}

/** What a writer hands in: changes and the events that tell of them. They become durable together or not at all. */
export interface Entry<Change, Body> {
  readonly changes: readonly Change[];
  readonly events: readonly { readonly at: number; readonly body: Body }[];
}

export interface JournalOptions<Change> {
  /** The schema whose table `journal` holds the stream; `prepareJournal` makes that table. */
  readonly schema: string;
  readonly stream: string;
  /**
   * Writes the changes of a whole batch, in their order, in as few statements as it can. May run again
   * with the same changes after a failure, so it must be idempotent.
   */
  readonly write: (tx: Transaction, changes: readonly Change[]) => Promise<void>;
  /** The lease that says this process may write; checked `for share` in every batch. */
  readonly fence?: Fence;
  /** Tells readers in other processes after each batch; left out where all are in this one. */
  readonly bus?: Bus;
  /** At most this many entries in one transaction (default 500). */
  readonly maxBatch?: number;
  /** At most this many entries waiting (default 20 000); one more is refused with `Refusal('busy')`. */
  readonly maxWaiting?: number;
}

export interface Fence {
  readonly lease: string;
  readonly owner: string;
  readonly epoch: number;
}

/**
 * One stream of events with one writer. Batches all that waits into one transaction (group commit);
 * nothing is announced before it is durable. While the database is gone it keeps the batch and tries
 * again; only a lost lease makes it give up.
 */
export interface Journal<Change, Body> extends AsyncDisposable {
  /** The newest durable position; 0 before the first event. */
  readonly position: number;
  /**
   * Resolves, with the numbered events, once they are durable. Bodies are JSON and belong to the journal now.
   *
   * An entry that the database refuses (a constraint, text that it cannot hold) is rejected with that error, alone:
   * the others of its batch go on.
   *
   * @throws {Refusal} `busy` when too much is waiting: nothing was done.
   * @throws {FencedError} When another process owns the stream now: drop all state.
   */
  append(entry: Entry<Change, Body>): Promise<readonly JournalEvent<Body>[]>;
  /**
   * Every event behind `since`, first from the table, then live; ends with the signal or the journal. A slow
   * reader holds nobody up: it falls back to reading the table. Readers share the bodies: leave them as they are.
   *
   * @throws {Refusal} `unknown-cursor` when the stream does not reach to `since`, as after a restored backup,
   *   or what came next is no longer kept: start anew from what you hold.
   * @throws {FencedError} After the last event written here, when another process has taken the stream over.
   */
  follow(since: number, signal: AbortSignal): AsyncIterable<JournalEvent<Body>>;
  /**
   * Called synchronously, in order, for each event once it is durable, before `append` resolves. For state in
   * the same process; must not throw, for a state that missed an event must not live on: it ends the process.
   */
  onDurable(listener: (event: JournalEvent<Body>) => void): Disposable;
}

/** A stream as a process sees it that does not write it. */
export interface JournalReader<Body> extends AsyncDisposable {
  /** The newest position known here. */
  readonly position: number;
  /** As `Journal.follow`. */
  follow(since: number, signal: AbortSignal): AsyncIterable<JournalEvent<Body>>;
}

/** Another process has taken the stream over. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}
