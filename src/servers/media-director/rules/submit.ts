import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { plan, refuse, type Rule } from './plan.ts';

/** A work item enters its queue, once however often it is submitted, and never again after it ended. */
export const submit: Rule<CommandParams['submit'], CommandReplies['submit']> = (
  state,
  { item },
  { at },
) => {
  const position = (): { position: number } => ({ position: state.position });
  if (state.item(item.id) || state.endings.has(item.id)) return plan([], position);
  const queue = state.configuration.get('queue', item.queue);
  if (!queue) {
    return refuse('unknown-queue', `Cannot submit to queue "${item.queue}": there is none`, {
      queue: item.queue,
    });
  }
  const { id, priority = queue.priority, enteredAt, ...rest } = item;
  const entered: DirectorEvent = {
    type: 'work-item-entered',
    ...rest,
    item: id,
    priority,
    enteredAt: Math.min(enteredAt, at), // a store whose clock is ahead must not push others back
    serviceLevelDeadline: at + queue.serviceLevel.threshold,
  };
  return plan([entered], position);
};
