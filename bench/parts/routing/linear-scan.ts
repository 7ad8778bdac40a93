/**
 * The reference: an engine that keeps everything in arrays and scans them with early exits, without any
 * index. Same rules, same choices; it is given ranks and candidates ready made, so that it only scans.
 */
import { doesServe } from '#domain/agent/eligible.ts';
import type { AgentId, Channel, SkillId } from '#domain/ids.ts';
import { meets } from '#domain/requirement/meets.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { AgentFacts } from '#servers/media-director/rules/agent-facts.ts';
import { openChannels } from '#servers/media-director/rules/availability.ts';
import type { DirectorState } from '#servers/media-director/rules/director-state.ts';
import {
  AGENT_ORDERS,
  candidateOf,
  compareWork,
  rankOf,
  staysWith,
  type Candidate,
  type WorkRank,
} from '#servers/media-director/rules/order.ts';
import { waitedFor } from '#servers/media-director/rules/preferred.ts';
import { requirementOf, skillsIn } from '#servers/media-director/rules/requirements.ts';
import { isResting, refusedBy } from '#servers/media-director/rules/rest.ts';

interface Entry {
  readonly item: OpenWorkItem;
  readonly rank: WorkRank;
}

/** An agent with what they may be offered. */
interface Member {
  readonly facts: AgentFacts;
  readonly channels: readonly Channel[];
}

/** The whole centre as arrays, up to date as if they had been kept so all the time. */
export interface Arrays {
  readonly waiting: readonly Entry[];
  readonly agents: readonly Member[];
}

export function arraysOf(state: DirectorState): Arrays {
  const waiting: Entry[] = [];
  for (const item of state.centre.items.values()) {
    if (item.state !== 'queued') continue;
    waiting.push({ item, rank: rankOf(item, state.queue(item.queue), state.routing.ageing) });
  }
  const agents = [...state.centre.agents.keys()].flatMap((id): Member | [] => {
    const facts = state.agent(id);
    return facts ? { facts, channels: openChannels(facts) } : [];
  });
  return { waiting, agents };
}

/** The agent for a work item, by looking at everybody. Who has no room is not looked at closely. */
export function scanForAgent(
  state: DirectorState,
  { agents }: Arrays,
  item: OpenWorkItem,
  at: number,
): AgentId | undefined {
  const { agentOrder = 'longest-idle', serves } = state.queue(item.queue) ?? {};
  const { must, preferred } = requirementOf(item);
  const skills = new Set([must, preferred].flatMap((e) => (e ? skillsIn(e) : [])));
  if (serves?.type === 'skilled')
    for (const skill of Object.keys(serves.skills)) skills.add(skill as SkillId);
  if (serves?.type === 'matching') for (const skill of skillsIn(serves.must)) skills.add(skill);
  const refused = refusedBy(item);
  let best: { keys: number[]; candidate: Candidate } | undefined;
  for (const { facts, channels } of agents) {
    if (!channels.includes(item.channel)) continue;
    const { agent, status } = facts;
    if (!couldHave(state, item, agent, status.id, at)) continue;
    const isFresh = !refused.has(status.id);
    if (isFresh && status.id === item.preferredAgent) return status.id;
    const skill = [...skills].reduce((sum, id) => sum + (agent.skills[id] ?? 0), 0);
    const keys = [
      isFresh ? 0 : 1,
      preferred && meets(agent, preferred) ? 0 : 1,
      agentOrder === 'most-skilled' ? -skill : 0,
    ];
    const candidate = candidateOf(facts, item.channel);
    const differs = best?.keys.findIndex((key, n) => key !== keys[n]) ?? -1;
    const order = best
      ? differs < 0
        ? AGENT_ORDERS[agentOrder](candidate, best.candidate)
        : (keys[differs] ?? 0) - (best.keys[differs] ?? 0)
      : -1;
    if (order < 0) best = { keys, candidate };
  }
  return best?.candidate.agent;
}

/** The work for an agent, by looking at everything that waits. What stands behind is not looked at closely. */
export function scanForWork(
  state: DirectorState,
  { waiting }: Arrays,
  agent: AgentId,
  at: number,
): OpenWorkItem | undefined {
  const facts = state.agent(agent);
  if (!facts) return undefined;
  const channels = openChannels(facts);
  let best: Entry | undefined;
  const firsts = new Map<number, Entry>(); // of the best class, by objective
  for (const entry of waiting) {
    const { item, rank } = entry;
    if (!channels.includes(item.channel)) continue;
    if (best && (rank.tier - best.rank.tier || rank.urgency - best.rank.urgency) > 0) continue;
    const first = firsts.get(rank.objective);
    const isMoreUrgent = !best || rank.tier < best.rank.tier || rank.urgency < best.rank.urgency;
    if (first && !isMoreUrgent && compareWork(first.rank, rank, at) <= 0) continue;
    if (!couldHave(state, item, facts.agent, agent, at)) continue;
    if (isMoreUrgent) firsts.clear();
    firsts.set(rank.objective, entry);
    if (!best || compareWork(rank, best.rank, at) < 0) best = entry;
  }
  const { lastQueue } = facts.status;
  const own = [...firsts.values()].find(({ item }) => item.queue === lastQueue);
  if (!best || !own) return best?.item;
  return (staysWith(own.rank, best.rank, at, state.routing.hysteresis) ? own : best).item;
}

type Profile = Parameters<typeof doesServe>[1];

function couldHave(
  state: DirectorState,
  item: OpenWorkItem,
  agent: Profile,
  id: AgentId,
  at: number,
): boolean {
  if (item.onlyAgent !== undefined) return item.onlyAgent === id;
  const queue = state.queue(item.queue);
  if (!queue || !doesServe(id, agent, queue.serves)) return false;
  const { must } = requirementOf(item);
  if (must && !meets(agent, must)) return false;
  if (item.returns && isResting(state.policy, item, id, at)) return false;
  if (item.waitsForPreferredUntil === undefined) return true;
  const waited = waitedFor(state, item, at);
  return waited.length === 0 || waited.includes(id);
}
