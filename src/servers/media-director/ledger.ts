import type { Instant } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { Ending } from './rules/director-state.ts';

/** Where what the director decides becomes durable. One writer: positions rise by one from `position`. */
export interface Ledger {
  /** The newest durable position. */
  readonly position: number;
  /** False where another process may be the writer by now: what is known here may be out of date. */
  readonly isOurs: boolean;
  /** Resolves once it is ours for sure. @throws {Error} When it is another's. */
  ours(): Promise<void>;
  /** True while the last that was asked of it got no answer: what is decided now may take a while to be durable. */
  readonly isAway: boolean;
  /**
   * Resolves with the position of the last event once all of them are durable, in the order of the calls.
   * A rejection means that the state they were decided on is void.
   */
  append(at: Instant, events: readonly DirectorEvent[]): Promise<number>;
  /** Every event behind `since`, once it is durable. @throws {Refusal} `unknown-cursor` */
  follow(since: number, signal: AbortSignal): AsyncIterable<DirectorRecord>;
  /** False where this one surely has not ended, or it is still known to the state: there is nothing to look up. */
  mayHaveEnded(item: WorkItemId): boolean;
  /** How work items ended, of those that ended long enough ago to be known here. */
  endingsOf(items: readonly WorkItemId[]): Promise<ReadonlyMap<WorkItemId, Ending>>;
}
