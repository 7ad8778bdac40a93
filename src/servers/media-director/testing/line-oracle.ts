/** What must hold of lines and of what has ended, from first principles. Only tests import this file. */
import { isLive, overflowTarget } from '#domain/queue/admission.ts';
import type { QueueId } from '#domain/ids.ts';
import type { Centre } from '#domain/work-item/centre.ts';
import type { DirectorEvent, RequeueReason } from '#domain/work-item/event.ts';
import { waitsSince, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { RuleCentre } from './centre.ts';

/** Why a contact may leave whoever has it in hand: somebody wanted it, or is gone. No clock is among them. */
const ENDS_OWNERSHIP: ReadonlySet<RequeueReason> = new Set([
  'pulled-back',
  'agent-vanished',
  'owner-left',
  'owner-full',
]);

/**
 * What is wrong with an event, in one sentence each.
 *
 * @param then The moment right before it.
 * @param told The offers that have ended in this step.
 */
export function faultsOfLine(
  centre: RuleCentre,
  then: Centre,
  event: DirectorEvent,
  told: ReadonlySet<number>,
): string[] {
  if (event.type === 'work-item-entered') return faultsOfEntry(centre, then, event);
  const item = 'item' in event ? then.items.get(event.item) : undefined;
  if (!item) return [];
  const { id, state, offer } = item;
  const rings = state === 'offered' && offer !== undefined && !told.has(offer);
  const isInHand = state === 'accepted' || state === 'awaiting-customer';
  if (event.type === 'work-item-closed') {
    if (isInHand && event.ending === 'abandoned') {
      return [`S10: ${id} was ${state} and is taken for abandoned`];
    }
    return rings ? [`S05: ${id} ended while offer ${offer} rings on`] : [];
  }
  if (event.type === 'work-item-requeued') {
    return isInHand && !ENDS_OWNERSHIP.has(event.reason)
      ? [`S10: ${id} was ${state} and is in its queue again: ${event.reason}`]
      : [];
  }
  if (event.type !== 'work-item-transferred') return [];
  if (isInHand && event.by === undefined) {
    return [`S10: ${id} was ${state} and went on by itself: ${event.cause}`];
  }
  return rings ? [`S05: ${id} went on while offer ${offer} rings on`] : [];
}

/** What is wrong with what waits now, in one sentence each. */
export function faultsOfWaiting({ state, journal, now }: RuleCentre): string[] {
  const { configuration, centre } = state;
  const set = journal.findLast(({ body }) => body.type === 'configuration-taken')?.at ?? 0;
  return [...centre.items.values()].flatMap((item): string[] => {
    const { id, state: is, since, queue, passed = [], participants = [] } = item;
    if (is === 'queued' && participants.length > 0) return [`S03: ${id} waits with participants`];
    const { limits, overflow } = state.queue(queue) ?? {};
    const longest = limits?.longestWait;
    if (is !== 'queued' || longest === undefined) return [];
    if (now <= Math.max(waitsSince(item) + longest, since, set)) return [];
    const target = overflowTarget({ id: queue, overflow }, passed, { configuration, at: now });
    return target === undefined
      ? []
      : [`${id} waits in ${queue} for longer than anybody may, though ${target} is open`];
  });
}

/** A limit holds for whoever comes in from outside; what goes on inside is never turned away. */
function faultsOfEntry(
  { state: { configuration } }: RuleCentre,
  then: Centre,
  entered: DirectorEvent & { type: 'work-item-entered' },
): string[] {
  const { item, queue, previous, splitFrom } = entered;
  const most = configuration.get('queue', queue)?.limits.waiting;
  if (previous !== undefined || splitFrom !== undefined || !isLive(entered)) return [];
  if (most === undefined || most === 0) return [];
  const waiting = liveIn(then.items.values(), queue);
  return waiting < most
    ? []
    : [`R14: ${item} came into ${queue}, where ${waiting} wait and ${most} may`];
}

const liveIn = (items: Iterable<OpenWorkItem>, queue: QueueId): number =>
  [...items].filter((item) => item.state === 'queued' && item.queue === queue && isLive(item))
    .length;
