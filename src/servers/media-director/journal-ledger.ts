import { setImmediate as immediate } from 'node:timers/promises';
import type { Instant } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import type { Lease } from '#platform/database/lease.ts';
import type { Journal } from '#platform/journal/journal.ts';
import type { Ledger } from './ledger.ts';
import type { Ending } from './rules/director-state.ts';
import { readEndings } from './tables.ts';

type Endings = ReadonlyMap<WorkItemId, Ending>;

/** The ledger on PostgreSQL: the journal, under a lease that every batch proves. */
export class JournalLedger implements Ledger {
  readonly #database: Database;
  readonly #journal: Journal<never, DirectorEvent>;
  readonly #lease: Lease;
  /** Those asked for in this moment, in one query. */
  #asking: { readonly items: WorkItemId[]; readonly answer: Promise<Endings> } | undefined;
  #asked: Promise<unknown> = Promise.resolve();
  #isAway = false;
  #newestEnded: string;

  /** @param newestEnded The greatest id of all whose ending is known to the table alone. */
  constructor(
    database: Database,
    journal: Journal<never, DirectorEvent>,
    lease: Lease,
    newestEnded: WorkItemId | undefined,
  ) {
    this.#database = database;
    this.#journal = journal;
    this.#lease = lease;
    this.#newestEnded = newestEnded ?? '';
  }

  get position(): number {
    return this.#journal.position;
  }

  get isOurs(): boolean {
    return this.#lease.isHeld;
  }

  ours(): Promise<void> {
    return this.#lease.sure();
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  append(at: Instant, events: readonly DirectorEvent[]): Promise<number> {
    const entry = { changes: [], events: events.map((body) => ({ at, body })) };
    return this.#journal.append(entry).then((written) => {
      this.#isAway = false;
      return written.at(-1)?.position ?? this.position;
    });
  }

  follow(since: number, signal: AbortSignal): AsyncIterable<DirectorRecord> {
    return this.#journal.follow(since, signal);
  }

  /** Ids sort by the time they were made: what comes in is nearly always newer than all that is forgotten. */
  mayHaveEnded(item: WorkItemId): boolean {
    return item <= this.#newestEnded;
  }

  /** The ending of this one is known to the table alone from now on. */
  forgot(item: WorkItemId): void {
    if (item > this.#newestEnded) this.#newestEnded = item;
  }

  endingsOf(items: readonly WorkItemId[]): Promise<Endings> {
    this.#asking ??= this.#ask([]);
    for (const item of items) this.#asking.items.push(item);
    return this.#asking.answer;
  }

  #ask(items: WorkItemId[]): { items: WorkItemId[]; answer: Promise<Endings> } {
    const before = this.#asked;
    const read = async (): Promise<Endings> => {
      await before;
      await immediate(); // all that came in with the same breath is asked together
      this.#asking = undefined;
      return readEndings(this.#database, items);
    };
    const answer = read();
    this.#asked = answer.then(
      () => (this.#isAway = false),
      () => (this.#isAway = true),
    );
    return { items, answer };
  }
}
