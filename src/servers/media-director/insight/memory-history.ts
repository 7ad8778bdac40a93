import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { History } from './history.ts';

/** The past in memory: a journal from its beginning, and every document that was heard. */
export class MemoryHistory implements History {
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

  async anchorAt(): Promise<undefined> {
    return undefined;
  }

  async documents(after: number, upTo: number): Promise<StoredDocument[]> {
    return this.#documents.filter(({ revision }) => revision > after && revision <= upTo);
  }

  async *records(since: number, until: number): AsyncGenerator<DirectorRecord> {
    yield* this.#records.slice(since, until);
  }

  async recordsOf(item: WorkItemId): Promise<DirectorRecord[]> {
    return this.#records.filter(({ body }) => 'item' in body && body.item === item);
  }

  async positionBefore(at: Instant): Promise<number> {
    return this.#records.findLastIndex((record) => record.at < at) + 1;
  }
}
