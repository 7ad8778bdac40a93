import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { TaskChange } from '../storage.ts';

/** What an event of the director's journal says of work items that may be tasks, in the order to apply it. */
export function afterEvent({ body, at }: DirectorRecord): TaskChange[] {
  switch (body.type) {
    case 'work-item-entered': {
      const queued: TaskChange = { type: 'queued', item: body.item, queue: body.queue };
      const { previous, splitFrom: from } = body;
      if (from) return [{ type: 'split', item: from, to: body.item, queue: body.queue, at }];
      return previous ? [{ type: 'moved', item: previous, to: body.item }, queued] : [queued];
    }
    case 'work-item-transferred':
      return [{ type: 'moved', item: body.item, to: body.to }];
    case 'work-item-merged':
      return [{ type: 'merged', item: body.item, into: body.into, at }];
    case 'work-item-closed':
      return [{ type: 'closed', item: body.item, at }];
    default:
      return []; // of other things
  }
}
