import type { Instant } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { CloseEnding } from '#domain/work-item/event.ts';
import type { TaskChange } from '../storage.ts';

/** How a work item ended that the director no longer holds open. */
export interface ItemEnding {
  readonly item: WorkItemId;
  readonly ending: CloseEnding | 'transferred' | 'merged';
  readonly to?: WorkItemId | undefined;
}

/** What an ending found out later means for the task: what its events would have said. */
export function afterEnding(
  { item, ending, to }: ItemEnding,
  now: Instant,
): Exclude<TaskChange, { type: 'queued' | 'split' }> {
  if (ending === 'transferred' && to !== undefined) return { type: 'moved', item, to };
  if (ending === 'merged' && to !== undefined) return { type: 'merged', item, into: to, at: now };
  return { type: 'closed', item, at: now };
}
