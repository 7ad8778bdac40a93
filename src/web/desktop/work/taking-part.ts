import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';
import { hasJoined, participantOf } from '#domain/work-item/participants.ts';

/** A colleague's contact that an agent is asked to join. */
export interface Invitation {
  readonly item: OpenWorkItem;
  readonly participant: Participant;
}

/** What an agent is asked to join, the first asked first. */
export const invitationsOf = (items: readonly OpenWorkItem[], agent: AgentId): Invitation[] =>
  items
    .flatMap((item): Invitation | [] => {
      const participant = participantOf(item, agent);
      return participant && !hasJoined(participant) ? { item, participant } : [];
    })
    .toSorted((a, b) => a.participant.since - b.participant.since);

/** What an agent takes part in without owning it. */
export const partsOf = (items: readonly OpenWorkItem[], agent: AgentId): OpenWorkItem[] =>
  items.filter((item) => {
    const participant = participantOf(item, agent);
    return participant !== undefined && hasJoined(participant);
  });
