import type { Instant } from '#base/time.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { chooseAgent } from '../choose-agent.ts';
import { chooseWork } from '../choose-work.ts';
import type { DirectorState, Touched } from '../director-state.ts';
import { compareAgents, compareWork, type Candidate } from '../order.ts';
import { ANSWERS_WITHIN } from './settle-interlocks.ts';

type Take = (event: DirectorEvent) => void;

/**
 * Asks switches to let go of agents for text that nobody free can take: one agent for each work item,
 * chosen as for an offer. Nothing is promised to them: the work waits on, whoever is free first gets it,
 * and what they are offered is decided when they are held.
 */
export function reach(state: DirectorState, touched: Touched, at: Instant, take: Take): void {
  if (state.switches.isEmpty) return;
  const ask = (item: OpenWorkItem): boolean => {
    const chosen = chooseAgent(state, item, at, { free: state.reachable });
    if (chosen) {
      const request = state.position + 1;
      take(requestOf(state, { item: item.id, agent: chosen.agent, request }, at));
    }
    return chosen !== undefined;
  };
  const agents = [...touched.agents]
    .flatMap((agent): Candidate | [] => standingOf(state, agent) ?? [])
    .toSorted(compareAgents);
  for (const { agent } of agents) {
    while (standingOf(state, agent)) {
      const work = chooseWork(state, agent, at, {
        free: state.reachable,
        skips: state.switches.isAskedFor,
      });
      if (!work || !ask(work)) break;
    }
  }
  const items = [...touched.items]
    .flatMap((id) => state.waiting.get(id) ?? [])
    .toSorted((a, b) => compareWork(a, b, at));
  for (const { id, item } of items) {
    if (item.channel !== 'voice' && !state.switches.isAskedFor(id)) ask(item);
  }
}

/** How an agent stands whom their switch keeps from text, and from nothing else. */
function standingOf({ reachable }: DirectorState, agent: AgentId): Candidate | undefined {
  return reachable.place(agent)?.candidates.find(({ channel }) => channel !== 'voice');
}

interface Asked {
  readonly item: WorkItemId;
  readonly agent: AgentId;
  readonly request: number;
  readonly by?: AgentId;
}

/**
 * That the switch is asked for an agent.
 *
 * @param request The position at which the event will stand.
 */
export function requestOf(
  state: DirectorState,
  { item, agent, request, by }: Asked,
  at: Instant,
): DirectorEvent {
  const place = state.configuration.get('agent', agent)?.switch;
  if (!place) throw new Error(`Cannot ask for agent "${agent}": they have no switch`);
  const deadline = at + ANSWERS_WITHIN;
  return { type: 'interlock-requested', agent, switch: place.id, request, item, deadline, by };
}
