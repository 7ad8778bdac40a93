import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorState } from './director-state.ts';

/**
 * Which place a waiting work item has in its line, from 1: so many must be served for it to be next.
 *
 * @returns Nothing where it does not wait, or waits for one agent alone.
 */
export function placeInLine(state: DirectorState, id: WorkItemId): number | undefined {
  const item = state.item(id);
  if (item?.state !== 'queued' || item.onlyAgent !== undefined) return undefined;
  return state.waiting.line(item.queue, item.channel).rank(item) + 1;
}
