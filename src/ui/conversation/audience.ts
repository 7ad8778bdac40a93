import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { ParticipantRole } from '#domain/work-item/event.ts';
import { hasJoined, participantOf, ROLES, speaksIn } from '#domain/work-item/participants.ts';

/** Whom somebody in a conversation may write to. */
export interface Audience {
  readonly customer: boolean;
  readonly colleagues: boolean;
}

export const ROLE_NAMES: Readonly<Record<ParticipantRole, string>> = {
  consulted: 'consulted',
  conferee: 'in conference',
  coach: 'coaching',
  monitor: 'listening',
};

/** Of an agent in a work item that somebody has in hand. */
export function audienceOf(item: OpenWorkItem, agent: AgentId | undefined): Audience {
  if (agent === undefined || (item.state !== 'accepted' && item.state !== 'awaiting-customer')) {
    return { customer: false, colleagues: false };
  }
  const own = participantOf(item, agent);
  return {
    customer: speaksIn(item, agent),
    colleagues:
      own === undefined
        ? (item.participants ?? []).some(hasJoined)
        : hasJoined(own) && ROLES[own.role].whispers,
  };
}
