import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { StartingPoint } from '../rules/director-state.ts';

/** The centre at one position of the journal, and which configuration was in force there. */
export interface Anchor extends StartingPoint {
  readonly revision: number;
}

/** Where the past is kept. Each answer is small enough to be made within a few milliseconds. */
export interface Archive {
  /** The newest position that is durable. */
  head(): Promise<number>;
  /** The position of the newest anchor at or before one; nothing where there is none. */
  findAnchor(position: number): Promise<number | undefined>;
  anchorPart(position: number, part: number): Promise<Uint8Array | undefined>;
  /**
   * Documents as they were at `revision`, of those that changed behind `after`: the next few hundred
   * behind `since`, in order of their revisions.
   */
  documents(span: DocumentSpan): Promise<StoredDocument[]>;
  /** The next few hundred events behind `since` up to and with `until`. */
  records(since: number, until: number): Promise<DirectorRecord[]>;
  /** All events of a work item behind `since` up to and with `until`. */
  recordsOf(item: WorkItemId, since: number, until: number): Promise<DirectorRecord[]>;
  /** The last position before a time; 0 where everything is later. */
  positionBefore(at: Instant): Promise<number>;
}

export interface DocumentSpan {
  readonly after: number;
  readonly revision: number;
  readonly since: number;
}
