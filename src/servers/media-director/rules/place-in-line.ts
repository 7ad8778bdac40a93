import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorState } from './director-state.ts';

/**
 * Which place a waiting work item has in its line, from 1: so many must be served for it to be next.
 *
 * @returns Nothing where it does not wait, or waits for one agent alone.
 */
export function placeInLine(state: DirectorState, id: WorkItemId): number | undefined {
  const waiting = state.waiting.get(id);
  if (!waiting || waiting.item.onlyAgent !== undefined) return undefined;
  const { queue, channel } = waiting.item;
  return state.waiting.line(queue, channel).rank(waiting) + 1;
}
