import { hours } from '#base/time.ts';
import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import { JournalPast } from '#platform/journal/past.ts';
import { unpackAnchor } from './anchor-parts.ts';
import { isEnd, type Anchor, type History } from './history.ts';
import { findAnchor, readAnchorPart, readHistory } from './tables.ts';

/** Whoever made a work item's id may have had another clock. */
const CLOCK_ERROR = hours(1);

/** A time before which no program of ours made an id: an id that says so says nothing. */
const FIRST_IDS: Instant = Date.UTC(2020, 0);

/** The past on PostgreSQL. */
export class DatabaseHistory implements History {
  readonly #database: Database;
  readonly #journal: JournalPast<DirectorEvent>;

  constructor(database: Database, journal: { schema: string; stream: string }) {
    this.#database = database;
    this.#journal = new JournalPast(database, journal);
  }

  head(): Promise<number> {
    return this.#journal.head();
  }

  async anchorAt(position: number, signal: AbortSignal): Promise<Anchor | undefined> {
    const found = await findAnchor(this.#database, position);
    if (found === undefined) return undefined;
    return unpackAnchor((part) => {
      signal.throwIfAborted();
      return readAnchorPart(this.#database, found, part);
    });
  }

  documents(after: number, upTo: number): Promise<StoredDocument[]> {
    return readHistory(this.#database, after, upTo);
  }

  records(since: number, until: number, signal: AbortSignal): AsyncIterable<DirectorRecord> {
    return this.#journal.read(since, until, signal);
  }

  async recordsOf(item: WorkItemId, signal: AbortSignal): Promise<DirectorRecord[]> {
    const head = await this.head();
    const made = madeAt(item);
    const since = made === undefined ? 0 : await this.#journal.positionBefore(made - CLOCK_ERROR);
    const found = await this.#search(item, { since, until: head }, signal);
    // Whoever made the id may not have told the time by it.
    return found.length > 0 ? found : this.#search(item, { since: 0, until: since }, signal);
  }

  positionBefore(at: Instant): Promise<number> {
    return this.#journal.positionBefore(at);
  }

  async #search(
    item: WorkItemId,
    { since, until }: { readonly since: number; readonly until: number },
    signal: AbortSignal,
  ): Promise<DirectorRecord[]> {
    const records: DirectorRecord[] = [];
    for await (const record of this.#journal.search({ item }, since, until, signal)) {
      records.push(record);
      if (isEnd(record)) break;
    }
    return records;
  }
}

/** When the id was made, where it tells. @see RFC 9562 §5.7 */
function madeAt(id: WorkItemId): Instant | undefined {
  if (id.charAt(14) !== '7') return undefined;
  const at = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return at >= FIRST_IDS && at <= Date.UTC(2200, 0) ? at : undefined;
}
