import { hours } from '#base/time.ts';
import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { unpackAnchor } from './anchor-parts.ts';
import type { Anchor, Archive } from './archive.ts';

/** Whoever made a work item's id may have had another clock. */
const CLOCK_ERROR = hours(1);

/** A time before which no program of ours made an id: an id that says so says nothing. */
const FIRST_IDS: Instant = Date.UTC(2020, 0);
const LAST_IDS: Instant = Date.UTC(2200, 0);

/** So many positions are looked through at once for one work item: some tens of milliseconds. */
const WINDOW = 50_000;

/** The past of the centre: enough for the state before any decision. */
export class History {
  readonly #archive: Archive;

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  /** The newest position that is durable. */
  head(): Promise<number> {
    return this.#archive.head();
  }

  /** The last position before a time; 0 where everything is later. */
  positionBefore(at: Instant): Promise<number> {
    return this.#archive.positionBefore(at);
  }

  /** The newest anchor at or before a position; nothing where there is none. */
  async anchorAt(position: number, signal: AbortSignal): Promise<Anchor | undefined> {
    const found = await this.#archive.findAnchor(position);
    if (found === undefined) return undefined;
    return unpackAnchor((part) => {
      signal.throwIfAborted();
      return this.#archive.anchorPart(found, part);
    });
  }

  /**
   * The documents that changed behind one revision up to and with another, each as it was last; in rising order.
   *
   * @yields Some hundred at a time.
   */
  async *documents(after: number, revision: number): AsyncGenerator<StoredDocument[], void> {
    for (let since = after; ;) {
      const documents = await this.#archive.documents({ after, revision, since });
      const last = documents.at(-1);
      if (!last) return;
      yield documents;
      since = last.revision;
    }
  }

  /**
   * Reads on behind `since` up to and with `until`.
   *
   * @yields Every event once, in order.
   * @throws The signal's reason.
   */
  async *records(
    since: number,
    until: number,
    signal: AbortSignal,
  ): AsyncGenerator<DirectorRecord, void> {
    for (let at = since; at < until;) {
      signal.throwIfAborted();
      const records = await this.#archive.records(at, until);
      const last = records.at(-1);
      if (!last) return;
      yield* records;
      at = last.position;
    }
  }

  /** All that happened to a work item, in order; empty where it never came in. @throws The signal's reason. */
  async recordsOf(item: WorkItemId, signal: AbortSignal): Promise<DirectorRecord[]> {
    const head = await this.head();
    const made = madeAt(item);
    const since = made === undefined ? 0 : await this.positionBefore(made - CLOCK_ERROR);
    const found = await this.#search(item, { since, until: head }, signal);
    // Whoever made the id may not have told the time by it.
    return found.length > 0 ? found : this.#search(item, { since: 0, until: since }, signal);
  }

  async #search(
    item: WorkItemId,
    { since, until }: { readonly since: number; readonly until: number },
    signal: AbortSignal,
  ): Promise<DirectorRecord[]> {
    const records: DirectorRecord[] = [];
    for (let from = since; from < until; from += WINDOW) {
      signal.throwIfAborted();
      const to = Math.min(from + WINDOW, until);
      records.push(...(await this.#archive.recordsOf(item, from, to)));
      if (records.some(isEnd)) break;
    }
    return records;
  }
}

/** When the id was made, where it tells. @see RFC 9562 §5.7 */
function madeAt(id: WorkItemId): Instant | undefined {
  if (id.charAt(14) !== '7') return undefined;
  const at = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return at >= FIRST_IDS && at <= LAST_IDS ? at : undefined;
}

const isEnd = ({ body }: DirectorRecord): boolean =>
  body.type === 'work-item-closed' ||
  body.type === 'work-item-transferred' ||
  body.type === 'work-item-merged';
