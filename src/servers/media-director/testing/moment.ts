/** A moment of a small centre, and what an agent has at hand in it. Only tests import this file. */
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { AgentId, Channel, QueueId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { isPartOf } from './people-oracle.ts';

/** Everything open and everybody logged in at one moment. */
export interface Moment {
  readonly position: number;
  readonly items: ReadonlyMap<WorkItemId, OpenWorkItem>;
  readonly agents: ReadonlyMap<AgentId, AgentStatus>;
}

interface AtHand {
  readonly channel?: Channel | undefined;
  readonly queue?: QueueId | undefined;
}

/** Offers, contacts, parts and wrap-ups of an agent that take up room: a contact gives up its owner's while its customer is silent. */
export function usesOf(then: Moment, id: AgentId): AtHand[] {
  const found: AtHand[] = [...(then.agents.get(id)?.wrapUps ?? [])];
  for (const item of then.items.values()) {
    if (item.agent === id && item.state !== 'parked' && !item.isReleased) found.push(item);
    if (item.participants && isPartOf(item, id)) found.push(item);
  }
  return found;
}
