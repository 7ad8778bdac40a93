/** The brake: a queue gives at most so many offers a minute, evenly, so that a backlog does not bury everybody. */
import { minutes, type Instant } from '#base/time.ts';
import type { QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from './director-state.ts';

type Known = Pick<DirectorState, 'queue' | 'memory'>;

/**
 * Until when the queue gives nothing by the director's own choice. What is transferred to an agent or
 * assigned by a supervisor passes. A wall clock that was set back ends it.
 *
 * @returns Nothing where it is not braked at present.
 */
export function brakedUntil(state: Known, id: QueueId, at: Instant): Instant | undefined {
  const offersPerMinute = state.queue(id)?.offersPerMinute;
  if (offersPerMinute === undefined) return undefined;
  const last = state.memory.lastOffer(id);
  if (last === undefined || at < last) return undefined;
  const until = last + Math.ceil(minutes(1) / offersPerMinute);
  return at < until ? until : undefined;
}

/** Whether a brake keeps the item where it is now. */
export const isBraked = (
  state: Known,
  { queue, onlyAgent }: Pick<OpenWorkItem, 'queue' | 'onlyAgent'>,
  at: Instant,
): boolean => onlyAgent === undefined && brakedUntil(state, queue, at) !== undefined;
