import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { StartingPoint } from '../rules/director-state.ts';

/** The centre at one position of the journal, and which configuration was in force there. */
export interface Anchor extends StartingPoint {
  readonly revision: number;
}

/** What is kept of the past: enough for the state before any decision. */
export interface History {
  /** The newest position that is durable. */
  head(): Promise<number>;
  /** The newest anchor at or before a position; nothing where the journal's beginning is nearer, or all there is. */
  anchorAt(position: number, signal: AbortSignal): Promise<Anchor | undefined>;
  /** The documents that changed after one revision up to and with another, each as it was last; in rising order. */
  documents(after: number, upTo: number): Promise<StoredDocument[]>;
  /** Behind `since` up to and with `until`, in order. */
  records(since: number, until: number, signal: AbortSignal): AsyncIterable<DirectorRecord>;
  /** All that happened to a work item, in order; empty where it never came in. */
  recordsOf(item: WorkItemId, signal: AbortSignal): Promise<DirectorRecord[]>;
  /** The last position before a time; 0 where everything is later. */
  positionBefore(at: Instant): Promise<number>;
}

/** Whether this is the last that happens to a work item. */
export const isEnd = ({ body }: DirectorRecord): boolean =>
  body.type === 'work-item-closed' ||
  body.type === 'work-item-transferred' ||
  body.type === 'work-item-merged';
