/** What those who take part in a work item without owning it may do, and who follows its owner. */
import type { AgentId } from '../ids.ts';
import type { ParticipantRole } from './event.ts';
import type { OpenWorkItem, Participant } from './open-work-item.ts';

/** A participant who has come, not only been asked to. */
export type PresentParticipant = Participant & {
  readonly segment: NonNullable<Participant['segment']>;
};

/** What a role allows and costs. */
export interface RoleMeans {
  /** It is a contact of theirs: it takes up room, they may come to own it, and wrap-up follows. */
  readonly isContact: boolean;
  /** The customer sees what they write. */
  readonly speaks: boolean;
  /** They may write to the other agents. */
  readonly whispers: boolean;
}

/** The only place where this stands. */
export const ROLES: Readonly<Record<ParticipantRole, RoleMeans>> = {
  consulted: { isContact: true, speaks: false, whispers: true },
  conferee: { isContact: true, speaks: true, whispers: true },
  coach: { isContact: false, speaks: false, whispers: true },
  monitor: { isContact: false, speaks: false, whispers: false },
};

export const hasJoined = (participant: Participant): participant is PresentParticipant =>
  participant.segment !== undefined;

/** Somebody's part in a work item, asked to come or there. */
export const participantOf = (item: OpenWorkItem, agent: AgentId): Participant | undefined =>
  item.participants?.find((p) => p.agent === agent);

/** Who owns it when its owner leaves: who has had it as a contact of theirs for the longest. */
export const successorOf = ({ participants = [] }: OpenWorkItem): PresentParticipant | undefined =>
  participants.filter(hasJoined).find(({ role }) => ROLES[role].isContact);

/** Whether the agent speaks with the customer: as the owner, or in a role that does. */
export function speaksIn(item: OpenWorkItem, agent: AgentId): boolean {
  if (item.agent === agent && item.segment !== undefined) return true;
  const participant = participantOf(item, agent);
  return participant !== undefined && hasJoined(participant) && ROLES[participant.role].speaks;
}

/** Whether the agent is there to listen only: nothing that they write goes into it. */
export function onlyListensIn(item: OpenWorkItem, agent: AgentId): boolean {
  const participant = participantOf(item, agent);
  return participant !== undefined && hasJoined(participant) && !ROLES[participant.role].whispers;
}
