import type { Instant } from '#base/time.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { Reason } from '#domain/work-item/explanation.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { chooseAgent } from '../choose-agent.ts';
import { chooseWork } from '../choose-work.ts';
import type { DirectorState } from '../director-state.ts';
import { outrankedBy } from './outranked.ts';
import { whyNot } from './why-not.ts';

/** Whom the rules give a waiting work item to, and why everybody else does not get it. */
export interface Explained {
  /** Who gets it; nothing where it waits on. */
  readonly agent: AgentId | undefined;
  /** Why an agent who is logged in does not get it; nothing of the chosen one. */
  readonly reasonOf: (agent: AgentId) => Reason | undefined;
}

/**
 * Decides about a waiting work item on a state, by the very functions that decide, and tells of everybody
 * else why not. Changes nothing; costs nothing per agent before it is asked of them.
 */
export function explainDecision(
  state: DirectorState,
  id: WorkItemId,
  at: Instant,
): Explained | undefined {
  const item = state.item(id);
  if (item?.state !== 'queued') return undefined;
  const chosen = chooseAgent(state, item, at)?.agent;
  return {
    agent: chosen,
    reasonOf(agent) {
      if (agent === chosen) return undefined;
      const reason = whyNot(state, item, agent, at);
      if (reason) return reason;
      return chosen === undefined
        ? otherWork(state, item, agent, at)
        : outrankedBy(state, item, chosen, agent);
    },
  };
}

/** Somebody could have it and nobody is chosen: then something else comes first for them. */
function otherWork(state: DirectorState, item: OpenWorkItem, agent: AgentId, at: Instant): Reason {
  return { type: 'other-work', item: chooseWork(state, agent, at)?.id ?? item.id };
}
