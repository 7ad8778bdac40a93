import type { Agent, Serves } from '../configuration/documents.ts';
import type { AgentId, SkillId } from '../ids.ts';

/** Whether an agent serves a queue: the only place where this is decided, for every way to an agent. */
export function doesServe(id: AgentId, agent: Agent, serves: Serves): boolean {
  switch (serves.type) {
    case 'everyone':
      return agent.roles.includes('agent');
    case 'listed':
      return serves.agents.includes(id);
    case 'skilled':
      return Object.entries(serves.skills).every(
        ([skill, least]) => (agent.skills[skill as SkillId] ?? 0) >= (least ?? 0),
      );
  }
}
