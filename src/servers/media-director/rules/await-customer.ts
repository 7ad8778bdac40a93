/** The customer's turn: a contact that waits for them, and what becomes of it when they write. */
import type { Instant } from '#base/time.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { successorOf } from '#domain/work-item/participants.ts';
import { isReadyFor, roomIn } from './availability.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { ownerGone } from './participants/parts-ended.ts';
import { waitsForPreferredUntil } from './preferred.ts';
import { done, forbids, unknownItem, type Rule } from './plan.ts';

export const awaitCustomer: Rule<
  CommandParams['awaitCustomer'],
  CommandReplies['awaitCustomer']
> = (state, { item: id, agent }) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (item.state === 'awaiting-customer' && item.agent === agent) return done();
  return (
    forbids(item, 'await-customer', 'owner', agent) ??
    done([{ type: 'work-item-awaits-customer', item: id, agent }])
  );
};

/** The customer has been silent for so long that the contact takes up no more room. */
export const contactIdle: Rule<CommandParams['contactIdle'], CommandReplies['contactIdle']> = (
  state,
  { item: id },
) => {
  const item = state.item(id);
  if (item?.state !== 'awaiting-customer' || item.isReleased || !item.agent) return done();
  return done([{ type: 'capacity-released', item: id, agent: item.agent }]);
};

/** When that is; nothing where the contact takes up room for as long as it lasts. */
export function idleFrom(item: OpenWorkItem, releasesAfter: number): Instant | undefined {
  if (item.state !== 'awaiting-customer' || item.isReleased || releasesAfter === 0)
    return undefined;
  return item.since + releasesAfter;
}

/**
 * The customer has written to an owner who awaits them. Whose room it gave up meanwhile, and who has
 * none left or is not ready any more, is preferred for it, and anybody else may have it.
 */
export function customerReplied(
  state: DirectorState,
  item: OpenWorkItem,
  at: Instant,
): DirectorEvent[] {
  const { id, queue, channel, agent } = item;
  const owner = agent && state.agent(agent);
  const hasRoom =
    owner &&
    isReadyFor(channel, owner.status) &&
    roomIn(channel, owner) > 0 &&
    state.hasRoomFor(queue, agent);
  if (!item.isReleased || !owner || hasRoom) return [{ type: 'customer-replied', item: id }];
  const events = ownerGone(item, {
    ending: 'owner-full',
    requeued: {
      reason: 'owner-full',
      preferredAgent: agent,
      waitsForPreferredUntil: waitsForPreferredUntil(state, queue, at),
    },
  });
  return successorOf(item) ? [...events, { type: 'customer-replied', item: id }] : events;
}
