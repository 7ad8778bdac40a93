import type { Queue } from '#domain/configuration/documents.ts';
import type { QueueId } from '#domain/ids.ts';
import { admit, type Admission } from '#domain/queue/admission.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Submission } from '../contract/stores.ts';
import { chooseAgent } from './choose-agent.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { entering } from './entering.ts';
import { plan, refuse, type Facts, type Refused, type Rule } from './plan.ts';

/**
 * A work item enters its queue, or where that passes it on, once however often it is submitted, and
 * never again after it ended.
 */
export const submit: Rule<CommandParams['submit'], CommandReplies['submit']> = (
  state,
  { item },
  { at },
) => {
  const position = (): { position: number } => ({ position: state.position });
  if (state.item(item.id) || state.endings.has(item.id)) return plan([], position);
  const { configuration } = state;
  const admission = admit(item.queue, item, {
    configuration,
    isFull: (id, queue) => isFull(state, id, queue, item, at),
    at,
  });
  if (admission.type !== 'admitted') return turnedAway(item.queue, admission);
  const queue = configuration.get('queue', admission.queue);
  const meant = configuration.get('queue', item.queue);
  if (!queue || !meant) return turnedAway(item.queue, { type: 'unknown' });

  const { id, priority = meant.priority, enteredAt, ...rest } = item;
  const work = {
    ...rest,
    item: id,
    priority,
    enteredAt: Math.min(enteredAt, at), // a store whose clock is ahead must not push others back
    passed: admission.passed.length > 0 ? [...admission.passed] : undefined,
  };
  return plan([entering({ id: admission.queue, queue }, work, at)], position);
};

/**
 * Whether one more live contact would wait beyond the queue's limit. Where nobody may wait at all, one
 * is let in while an agent is free for it.
 */
function isFull(
  state: DirectorState,
  id: QueueId,
  { limits }: Queue,
  item: Submission,
  at: Facts['at'],
): boolean {
  if (limits.waiting === undefined) return false;
  const waiting = state.liveWaiting.in(id);
  if (limits.waiting > 0 || waiting > 0) return waiting >= limits.waiting;
  return chooseAgent(state, asWaiting(item, id, at), at) === undefined;
}

/** The work item as it would wait there. */
const asWaiting = (item: Submission, queue: QueueId, at: Facts['at']): OpenWorkItem => ({
  ...item,
  queue,
  priority: item.priority ?? 0,
  state: 'queued',
  queuedAt: at,
  since: at,
  serviceLevelCounted: false,
});

function turnedAway(meant: QueueId, why: Exclude<Admission, { type: 'admitted' }>): Refused {
  switch (why.type) {
    case 'unknown':
      return refuse('unknown-queue', `Cannot submit to queue "${meant}": there is none`, {
        queue: meant,
      });
    case 'full':
      return refuse('queue-full', `Cannot submit to queue "${meant}": as many wait as may`, {
        queue: meant,
      });
    case 'closed': {
      const { opensAt } = why;
      return refuse('queue-closed', `Cannot submit to queue "${meant}": it is closed`, {
        queue: meant,
        opensAt,
      });
    }
  }
}
