import type { AgentId } from '../ids.ts';
import type { DirectorEvent } from '../work-item/event.ts';
import type { OpenWorkItem } from '../work-item/open-work-item.ts';
import { hasJoined, ROLES } from '../work-item/participants.ts';

/** Who speaks with the customer beside the owner, after an event of the director about their work item. */
export function confereesAfter(
  before: readonly AgentId[],
  event: DirectorEvent,
): readonly AgentId[] {
  switch (event.type) {
    case 'participant-joined':
    case 'participant-role-changed': {
      const others = before.filter((agent) => agent !== event.agent);
      return ROLES[event.role].speaks ? [...others, event.agent] : others;
    }
    case 'participant-left':
    case 'owner-changed':
      return before.filter((agent) => agent !== event.agent);
    default:
      return before;
  }
}

/** The same, asked of the work item as the director has it. */
export const confereesOf = ({ participants = [] }: OpenWorkItem): readonly AgentId[] =>
  participants.filter((p) => hasJoined(p) && ROLES[p.role].speaks).map(({ agent }) => agent);
