/** How the parts of those who do not own a work item end. */
import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, SegmentEnding } from '#domain/work-item/event.ts';
import { hasJoined, ROLES, successorOf } from '#domain/work-item/participants.ts';
import type { DirectorState } from '../director-state.ts';
import { segmentEnded, wrapUpAfter } from '../segments.ts';

/** Everybody's part in an item ends: whoever came leaves, whoever was only asked is not any more. */
export const partsEnded = (item: OpenWorkItem, ending: SegmentEnding): DirectorEvent[] =>
  (item.participants ?? []).flatMap((participant) => partEnded(item, participant, ending));

/** One participant's part ends. */
export function partEnded(
  { id }: OpenWorkItem,
  participant: Participant,
  ending: SegmentEnding,
): DirectorEvent[] {
  const { agent, invitation } = participant;
  if (hasJoined(participant)) {
    const { segment } = participant;
    return [{ type: 'participant-left', item: id, agent, segment, ending }];
  }
  if (invitation === undefined) return [];
  return [{ type: 'invitation-ended', item: id, agent, invitation, ending: 'withdrawn' }];
}

/** Everything ends in which an agent takes part who goes away. */
export const partsOfAgentEnded = (
  state: DirectorState,
  agent: AgentId,
  ending: SegmentEnding,
): DirectorEvent[] =>
  state.partsOf(agent).flatMap(({ item, participant }) => partEnded(item, participant, ending));

/** The wrap-ups of those whose contact it was beside the owner's. */
export const wrapUpsOfParts = (
  state: DirectorState,
  item: OpenWorkItem,
  at: Instant,
  of: readonly Participant[] = item.participants ?? [],
): DirectorEvent[] =>
  of.flatMap(({ agent, segment, role }) =>
    ROLES[role].isContact ? wrapUpAfter(state, { ...item, agent, segment }, at, false) : [],
  );

/** Why an owner's part ends, and what is to be known of it where nobody follows. */
interface Departure {
  readonly ending: SegmentEnding;
  readonly requeued: Omit<
    DirectorEvent & { type: 'work-item-requeued' },
    'type' | 'item' | 'queue'
  >;
}

/** The owner goes: who has taken part for the longest owns it now; where nobody can, it is back in its queue, age kept. */
export function ownerGone(item: OpenWorkItem, { ending, requeued }: Departure): DirectorEvent[] {
  const { id, agent: from, queue } = item;
  const successor = successorOf(item);
  if (successor && from !== undefined) {
    const { agent, segment } = successor;
    return [
      ...segmentEnded(item, ending),
      { type: 'owner-changed', item: id, from, agent, segment },
    ];
  }
  return [
    ...partsEnded(item, ending),
    ...segmentEnded(item, ending),
    { type: 'work-item-requeued', item: id, queue, ...requeued },
  ];
}
