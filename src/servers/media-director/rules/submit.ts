import type { Instant } from '#base/time.ts';
import type { QueueId } from '#domain/ids.ts';
import { admit, isLive, type Admission } from '#domain/queue/admission.ts';
import { asWaiting } from '#domain/work-item/fold-work-items.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { chooseAgent } from './choose-agent.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { entering, type Into } from './entering.ts';
import { waitOfNew } from './expected-wait.ts';
import { plan, refuse, type Refused, type Rule } from './plan.ts';

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
  const meant = configuration.get('queue', item.queue);
  if (!meant) return turnedAway(item.queue, { type: 'unknown' });
  const work = {
    ...item,
    item: item.id,
    priority: item.priority ?? meant.priority,
    enteredAt: Math.min(item.enteredAt, at), // a store whose clock is ahead must not push others back
  };
  const waitingIn = (into: Into): OpenWorkItem => asWaiting(entering(into, work, at), at);
  const admission = admit(item.queue, item, {
    configuration,
    isFull: (id, queue) => isFull(state, { id, queue }, waitingIn, at),
    at,
  });
  if (admission.type !== 'admitted') return turnedAway(item.queue, admission);
  const { queue: id, passed } = admission;
  const queue = configuration.get('queue', id) ?? meant;
  const entered = entering({ id, queue }, work, at);
  const estimate = isLive(item) ? waitOfNew(state, asWaiting(entered, at), at) : undefined;
  const by = passed.length > 0 ? [...passed] : undefined;
  return plan([{ ...entered, passed: by, estimate }], position);
};

/**
 * Whether one more live contact would wait beyond the queue's limit. Where nobody may wait at all, one
 * is let in while an agent is free for it.
 */
function isFull(
  state: DirectorState,
  into: Into,
  waitingIn: (into: Into) => OpenWorkItem,
  at: Instant,
): boolean {
  const { limits } = into.queue;
  if (limits.waiting === undefined) return false;
  const waiting = state.liveWaiting.in(into.id);
  if (limits.waiting > 0 || waiting > 0) return waiting >= limits.waiting;
  return chooseAgent(state, waitingIn(into), at) === undefined;
}

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
