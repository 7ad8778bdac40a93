/**
 * The state of the centre as a fold over the director's journal: the open work items and the agents.
 * Director, data servers, desktop server and browsers all use this one fold, so they cannot disagree.
 */
import { z } from 'zod';
import { AgentStatus } from '../agent/agent-status.ts';
import type { AgentId, WorkItemId } from '../ids.ts';
import type { DirectorRecord } from './event.ts';
import { applyToAgents } from './fold-agents.ts';
import { applyToWorkItems } from './fold-work-items.ts';
import { OpenWorkItem } from './open-work-item.ts';

/** A snapshot as it goes over a wire. */
export const CentreSnapshot = z.object({
  position: z.int(),
  items: z.array(OpenWorkItem),
  agents: z.array(AgentStatus),
});
export type CentreSnapshot = z.infer<typeof CentreSnapshot>;

/**
 * Open work items and logged-in agents at one position of the journal. What changes is replaced, never
 * altered: an item or agent that somebody holds stays as it was.
 */
export class Centre {
  position = 0;
  readonly items = new Map<WorkItemId, OpenWorkItem>();
  readonly agents = new Map<AgentId, AgentStatus>();
  /** How many contacts agents have, as the owner or taking part; nothing for those without. */
  readonly contacts = new Map<AgentId, number>();
  /** Work that waits for one agent alone, and some that did. */
  readonly personal = new Set<WorkItemId>();

  static of(snapshot: CentreSnapshot): Centre {
    const centre = new Centre();
    centre.position = snapshot.position;
    for (const item of snapshot.items) {
      centre.items.set(item.id, item);
      if (item.onlyAgent !== undefined) centre.personal.add(item.id);
      for (const agent of presentAt(item)) {
        centre.contacts.set(agent, (centre.contacts.get(agent) ?? 0) + 1);
      }
    }
    for (const agent of snapshot.agents) centre.agents.set(agent.id, agent);
    return centre;
  }

  snapshot(): CentreSnapshot {
    return {
      position: this.position,
      items: [...this.items.values()],
      agents: [...this.agents.values()],
    };
  }

  /** Takes the next event in; one already taken changes nothing. */
  apply(record: DirectorRecord): void {
    if (record.position <= this.position) return;
    this.position = record.position;
    applyToAgents(this, record.at, record.body);
    applyToWorkItems(this, record.at, record.body);
  }
}

/** What an agent is busy with: offers, owned items and wrap-ups. Parked work is nobody's. */
export function workOf(centre: Centre, agent: AgentId): OpenWorkItem[] {
  return [...centre.items.values()].filter((i) => i.agent === agent && i.state !== 'parked');
}

/** Whose contact it is: the owner's, and of those who take part. */
function presentAt({ agent, segment, participants = [] }: OpenWorkItem): AgentId[] {
  const there = participants.flatMap((p) => (p.segment ? [p.agent] : []));
  return agent && segment ? [agent, ...there] : there;
}
