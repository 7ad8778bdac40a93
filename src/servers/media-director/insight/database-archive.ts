import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import { JournalPast } from '#platform/journal/past.ts';
import { JOURNAL } from '../tables.ts';
import type { Archive, DocumentSpan } from './archive.ts';
import { findAnchor, readAnchorPart, readHistory } from './tables.ts';

/** The past on PostgreSQL. */
export class DatabaseArchive implements Archive {
  readonly #database: Database;
  readonly #journal: JournalPast<DirectorEvent>;

  constructor(database: Database) {
    this.#database = database;
    this.#journal = new JournalPast(database, JOURNAL);
  }

  head(): Promise<number> {
    return this.#journal.head();
  }

  findAnchor(position: number): Promise<number | undefined> {
    return findAnchor(this.#database, position);
  }

  anchorPart(position: number, part: number): Promise<Uint8Array | undefined> {
    return readAnchorPart(this.#database, position, part);
  }

  documents(span: DocumentSpan): Promise<StoredDocument[]> {
    return readHistory(this.#database, span);
  }

  records(since: number, until: number): Promise<DirectorRecord[]> {
    return this.#journal.chunk(since, until);
  }

  recordsOf(item: WorkItemId, since: number, until: number): Promise<DirectorRecord[]> {
    return this.#journal.search({ item }, since, until);
  }

  positionBefore(at: Instant): Promise<number> {
    return this.#journal.positionBefore(at);
  }
}
