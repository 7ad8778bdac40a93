import type { Agent, Serves } from '../configuration/documents.ts';
import type { AgentId, SkillId } from '../ids.ts';
import { meets } from '../requirement/meets.ts';

/**
 * Whether an agent serves a queue: the only place where this is decided, for every way to an agent.
 * A skill that is asked for at no level in particular is asked for at any.
 */
export function doesServe(
  id: AgentId,
  agent: Pick<Agent, 'roles' | 'skills' | 'attributes'>,
  serves: Serves,
): boolean {
  switch (serves.type) {
    case 'everyone':
      return agent.roles.includes('agent');
    case 'listed':
      return listOf(serves.agents).has(id);
    case 'skilled':
      return Object.entries(serves.skills).every(
        ([skill, least]) => (agent.skills[skill as SkillId] ?? 0) >= (least ?? 1),
      );
    case 'matching':
      return agent.roles.includes('agent') && meets(agent, serves.must);
  }
}

/** A list is asked once per agent of the centre: looking through it each time would cost their square. */
const lists = new WeakMap<readonly AgentId[], ReadonlySet<AgentId>>();

function listOf(agents: readonly AgentId[]): ReadonlySet<AgentId> {
  let list = lists.get(agents);
  if (!list) lists.set(agents, (list = new Set(agents)));
  return list;
}
