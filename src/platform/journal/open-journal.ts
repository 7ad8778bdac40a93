import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '#base/refusal.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import { Followers } from './followers.ts';
import { FencedError } from './journal.ts';
import { topicOf } from './open-reader.ts';
import { JournalStatements, fenceStatement } from './statements.ts';
import type { Database } from '#platform/database/database.ts';
import type { Entry, Journal, JournalEvent, JournalOptions } from './journal.ts';
import type { Numbered } from './statements.ts';

/** Opens a stream for writing; `prepareJournal` has made its table. One writer per stream: see `Fence`. */
export async function openJournal<Change, Body>(
  database: Database,
  options: JournalOptions<Change>,
): Promise<Journal<Change, Body>> {
  const statements = new JournalStatements(options.schema, options.stream);
  const [row] = await database.query<{ head: number }>(statements.head());
  return new GroupCommitJournal<Change, Body>(database, options, statements, row?.head ?? 0);
}

/** An entry on its way to the table. */
interface Waiting<Change, Body> {
  readonly entry: Entry<Change, Body>;
  readonly bodies: readonly string[];
  readonly bytes: number;
  readonly resolve: (events: readonly JournalEvent<Body>[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps one statement, and what a lost batch costs, within what a server swallows easily. */
const MOST_BATCH_BYTES = 4 * 1024 * 1024;
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * Of so many entries some are answered at first, so many that with what waits already they make a batch as
 * large as those are that are answered while it is written: neither side waits for all of the other. Of
 * fewer, a further transaction would cost more than that saves.
 */
const LARGE = 64;

const FIRST_BACK_OFF = 20;
const LONGEST_BACK_OFF = 1_000;

/** How often a batch that ran into others' locks is tried whole before it is split. */
const MOST_COLLISIONS = 5;

/** How long disposing waits for a database that is gone; what still waits then is refused. */
const LAST_PATIENCE = 10_000;

/**
 * The one writer of a stream. While a transaction runs, what arrives gathers; then all of it goes into the
 * next one, which is on its way before all who waited for the last are told.
 *
 * ```
 * append ─▶ waiting ─▶ one transaction: fence, changes, events ─▶ durable: listeners, callers, followers
 *                        │ database gone: look whether it happened, else again
 *                        │ refused: halves, down to the one entry at fault, which alone is rejected
 *                        └ fence lost: everything is rejected, for good
 * ```
 */
class GroupCommitJournal<Change, Body> implements Journal<Change, Body> {
  readonly #database: Database;
  readonly #options: JournalOptions<Change>;
  readonly #statements: JournalStatements;
  readonly #followers: Followers<Body>;
  readonly #listeners = new Set<(event: JournalEvent<Body>) => void>();
  readonly #topic: string;
  readonly #stop = new AbortController();
  #waiting: Waiting<Change, Body>[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  /** Set once the stream is another's. */
  #lost: FencedError | undefined;

  constructor(
    database: Database,
    options: JournalOptions<Change>,
    statements: JournalStatements,
    head: number,
  ) {
    this.#database = database;
    this.#options = options;
    this.#statements = statements;
    this.#followers = new Followers(database, statements, head);
    this.#topic = topicOf(options.schema, options.stream);
  }

  get position(): number {
    return this.#followers.head;
  }

  append(entry: Entry<Change, Body>): Promise<readonly JournalEvent<Body>[]> {
    const refusal = this.#refusal();
    if (refusal) return Promise.reject(refusal);
    const bodies = entry.events.map((event) => JSON.stringify(event.body) ?? 'null');
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
    const { promise, resolve, reject } = Promise.withResolvers<readonly JournalEvent<Body>[]>();
    this.#waiting.push({ entry, bodies, bytes, resolve, reject });
    this.#waitingBytes += bytes;
    this.#writing ??= this.#write();
    return promise;
  }

  follow(since: number, signal: AbortSignal): AsyncIterable<JournalEvent<Body>> {
    return this.#followers.follow(since, signal);
  }

  onDurable(listener: (event: JournalEvent<Body>) => void): Disposable {
    const own = (event: JournalEvent<Body>): void => listener(event);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const deadline = setTimeout(() => this.#stop.abort(), LAST_PATIENCE);
    await this.#writing;
    clearTimeout(deadline);
    this.#followers.end();
  }

  #refusal(): Error | undefined {
    if (this.#lost) return this.#lost;
    const { maxWaiting = 20_000, stream } = this.#options;
    if (this.#isClosed) {
      return new Error(`Cannot write to the stream "${stream}": its journal is closed`);
    }
    if (this.#waiting.length < maxWaiting && this.#waitingBytes <= MOST_WAITING_BYTES) return;
    return new Refusal('busy', `Cannot write to the stream "${stream}": too much waits already`);
  }

  async #write(): Promise<void> {
    let answerRest: (() => void) | undefined;
    do {
      // Callers of the batch before go on first: what they append now belongs in the next batch.
      await immediate();
      const batch = this.#takeBatch();
      const committing = batch.length > 0 ? this.#commit(batch) : undefined;
      answerRest?.(); // they go on while the database writes
      answerRest = await committing;
    } while (answerRest || this.#waiting.length > 0);
    this.#writing = undefined;
  }

  #takeBatch(): readonly Waiting<Change, Body>[] {
    const { maxBatch = 500 } = this.#options;
    let count = 0;
    let bytes = 0;
    for (const { bytes: own } of this.#waiting) {
      if (count === maxBatch || (count > 0 && bytes + own > MOST_BATCH_BYTES)) break;
      count++;
      bytes += own;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  /** Settles every entry of the batch. Never throws. @returns Who is left to answer of a large one. */
  async #commit(batch: readonly Waiting<Change, Body>[]): Promise<(() => void) | undefined> {
    if (this.#lost) {
      rejectAll(batch, this.#lost);
      return undefined;
    }
    const numbered: Numbered = {
      first: this.position + 1,
      at: batch.flatMap(({ entry }) => entry.events.map((event) => event.at)),
      bodies: batch.flatMap(({ bodies }) => bodies),
    };
    try {
      await this.#persist(batch, numbered);
    } catch (error) {
      if (error instanceof FencedError) this.#giveUp(error, batch);
      else if (error instanceof DatabaseGoneError || batch.length === 1) rejectAll(batch, error);
      else {
        const middle = batch.length >> 1;
        for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
          (await this.#commit(half))?.();
        }
      }
      return undefined;
    }
    return this.#announce(batch, numbered);
  }

  /** Returns once the batch is durable, after whatever number of attempts. */
  async #persist(batch: readonly Waiting<Change, Body>[], numbered: Numbered): Promise<void> {
    let collisions = 0;
    let isInDoubt = false; // an attempt got no answer, so it may have happened
    for (let pause = FIRST_BACK_OFF; ; pause = Math.min(pause * 2, LONGEST_BACK_OFF)) {
      try {
        if (isInDoubt && (await this.#isThere(numbered))) return;
        return await this.#attempt(batch, numbered);
      } catch (error) {
        const isGone = error instanceof DatabaseGoneError;
        // A session that we lost may have committed only now, and stood in the way of the repetition.
        const seen = isInDoubt && !isGone ? await this.#look(numbered) : 'absent';
        if (seen === 'there') return;
        if (isGone || seen === 'unknown') isInDoubt = true;
        else if (this.#isTaken(error)) throw this.#takenOver(error);
        else if (!isCollision(error) || ++collisions > MOST_COLLISIONS) throw error;
        if (this.#stop.signal.aborted) throw error;
        await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  async #attempt(batch: readonly Waiting<Change, Body>[], numbered: Numbered): Promise<void> {
    const { fence, write } = this.#options;
    const changes = batch.flatMap(({ entry }) => entry.changes);
    if (changes.length === 0) {
      // One statement is a transaction of its own: one round trip instead of four.
      if (!fence) return void (await this.#database.query(this.#statements.insert(numbered)));
      const rows = await this.#database.query<{ held: number }>(
        this.#statements.fencedInsert(numbered, fence),
      );
      if (rows[0]?.held !== 1) throw this.#takenOver();
      return;
    }
    await this.#database.transaction(async (tx) => {
      if (fence && (await tx.query(fenceStatement(fence))).length === 0) throw this.#takenOver();
      await write(tx, changes);
      if (numbered.at.length > 0) await tx.query(this.#statements.insert(numbered));
    });
  }

  async #isThere(numbered: Numbered): Promise<boolean> {
    if (numbered.at.length === 0) return false; // changes alone leave no trace, and may be repeated
    const [row] = await this.#database.query<{ present: number }>(
      this.#statements.present(numbered),
    );
    return row?.present === numbered.at.length;
  }

  /** The same, where the database may be gone again: then nobody can say whose the events are. */
  #look(numbered: Numbered): Promise<'there' | 'absent' | 'unknown'> {
    return this.#isThere(numbered).then(
      (isThere) => (isThere ? 'there' : 'absent'),
      (error: unknown) => (error instanceof DatabaseGoneError ? 'unknown' : 'absent'),
    );
  }

  /** Tells everybody; of a large batch, some of those who wait for their answer. @returns What tells the others. */
  #announce(
    batch: readonly Waiting<Change, Body>[],
    { first, bodies }: Numbered,
  ): (() => void) | undefined {
    let position = first;
    const settled = batch.map(({ entry }) =>
      entry.events.map(({ at, body }) => ({ position: position++, at, body })),
    );
    const events = settled.flat();
    this.#followers.add(
      events,
      bodies.map((body) => body.length),
    );
    if (events.length > 0) this.#options.bus?.publish(this.#topic, `${this.position}`);
    for (const event of events) for (const listener of this.#listeners) tell(listener, event);
    const answer = (from: number, to: number): void => {
      for (let index = from; index < to; index++) batch[index]?.resolve(settled[index] ?? []);
    };
    const now =
      batch.length < LARGE
        ? batch.length
        : Math.max(Math.ceil((batch.length - this.#waiting.length) / 2), 0);
    answer(0, now);
    return now < batch.length ? () => answer(now, batch.length) : undefined;
  }

  /** The stream has another writer, or none that may write: whatever this process believes is void. */
  #giveUp(error: FencedError, batch: readonly Waiting<Change, Body>[]): void {
    this.#lost = error;
    rejectAll(batch, error);
    rejectAll(this.#waiting.splice(0), error);
    this.#waitingBytes = 0;
    this.#followers.end(error);
  }

  #takenOver(cause?: unknown): FencedError {
    return new FencedError(
      `Cannot write to the stream "${this.#options.stream}": another process has taken it over`,
      { cause },
    );
  }

  /** Whether the events' own positions are taken, which only another writer can have done. */
  #isTaken(error: unknown): boolean {
    const { code, schema, table } = error as { code?: unknown; schema?: unknown; table?: unknown };
    return code === UNIQUE_VIOLATION && table === 'journal' && schema === this.#options.schema;
  }
}

const UNIQUE_VIOLATION = '23505';

/** Serialization failure, deadlock, lock not available: nobody's fault, and gone the next time. */
const isCollision = (error: unknown): boolean =>
  ['40001', '40P01', '55P03'].includes(String((error as { code?: unknown }).code));

function rejectAll(batch: readonly { reject: (error: unknown) => void }[], error: unknown): void {
  for (const { reject } of batch) reject(error);
}

/** A listener that throws has lost count of the stream: that must end the process, but not this batch. */
function tell<Event>(listener: (event: Event) => void, event: Event): void {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
