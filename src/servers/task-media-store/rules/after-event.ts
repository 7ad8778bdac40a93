import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { TaskChange } from '../storage.ts';

/** What an event of the director's journal says of work items that may be tasks, in the order to apply it. */
export function afterEvent({ body, at }: DirectorRecord): TaskChange[] {
  switch (body.type) {
    case 'work-item-entered': {
      const queued: TaskChange = { type: 'queued', item: body.item, queue: body.queue };
      const { previous } = body;
      return previous ? [{ type: 'moved', item: previous, to: body.item }, queued] : [queued];
    }
    case 'work-item-transferred':
      return [{ type: 'moved', item: body.item, to: body.to }];
    case 'work-item-closed':
    case 'work-item-merged':
      return [{ type: 'closed', item: body.item, at }];
    case 'work-item-offered':
    case 'offer-ended':
    case 'work-item-requeued':
    case 'work-item-accepted':
    case 'work-item-awaits-customer':
    case 'customer-replied':
    case 'work-item-parked':
    case 'segment-ended':
    case 'service-level-missed':
    case 'wrap-up-started':
    case 'wrap-up-ended':
    case 'agent-logged-in':
    case 'agent-logged-out':
    case 'agent-readiness-changed':
    case 'agent-presence-changed':
      return [];
  }
}
