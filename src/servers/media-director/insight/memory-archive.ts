import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { Archive, DocumentSpan } from './archive.ts';

/** Rows of one answer. */
const AT_A_TIME = 250;

/** The past in memory: a journal from its beginning, and every document that was heard. */
export class MemoryArchive implements Archive {
  readonly #records: readonly DirectorRecord[];
  readonly #documents: readonly StoredDocument[];

  /** What is added to either later belongs to the past, too. */
  constructor(records: readonly DirectorRecord[], documents: readonly StoredDocument[]) {
    this.#records = records;
    this.#documents = documents;
  }

  async head(): Promise<number> {
    return this.#records.length;
  }

  async findAnchor(): Promise<undefined> {
    return undefined;
  }

  async anchorPart(): Promise<undefined> {
    return undefined;
  }

  async documents({ revision: upTo, since }: DocumentSpan): Promise<StoredDocument[]> {
    return this.#documents
      .filter(({ revision }) => revision > since && revision <= upTo)
      .slice(0, AT_A_TIME);
  }

  async records(since: number, until: number): Promise<DirectorRecord[]> {
    return this.#records.slice(since, Math.min(until, since + AT_A_TIME));
  }

  async recordsOf(item: WorkItemId, since: number, until: number): Promise<DirectorRecord[]> {
    return this.#records
      .slice(since, until)
      .filter(({ body }) => 'item' in body && body.item === item);
  }

  async positionBefore(at: Instant): Promise<number> {
    return this.#records.findLastIndex((record) => record.at < at) + 1;
  }
}
