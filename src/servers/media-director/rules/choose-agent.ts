import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Choice } from '#domain/work-item/event.ts';
import type { DirectorState } from './director-state.ts';
import { compareAgents, type Candidate } from './order.ts';
import { isResting, refusedBy } from './rest.ts';

/** Who gets it, and why. */
export interface Chosen {
  readonly agent: AgentId;
  readonly choice: Choice;
}

/**
 * Chooses the agent for a waiting work item, among those who may be offered it now: the one it waits
 * for, else the preferred one, else the longest idle. Those whose hands it came back from come last,
 * and not before their rest is over.
 */
export function chooseAgent(
  state: DirectorState,
  item: OpenWorkItem,
  at: Instant,
): Chosen | undefined {
  const { free, policy } = state;
  const chosen = (
    agent: AgentId,
    rule: string,
    candidates: number,
    by: Choice['by'] = 'director',
  ): Chosen => ({
    agent,
    choice: { by, rule, candidates, configuration: state.configuration.revision },
  });

  if (item.onlyAgent !== undefined) {
    const only = free.candidate(item.onlyAgent, item.channel);
    if (!state.hasRoomFor(item.queue, item.onlyAgent)) return undefined;
    return only && chosen(only.agent, 'only-agent', 1, 'transfer');
  }

  const serves = (agent: AgentId): boolean => free.queuesOf(agent)?.has(item.queue) ?? false;
  const refused = refusedBy(item);
  const resting = [...refused].filter(
    (agent) =>
      isResting(policy, item, agent, at) && free.candidate(agent, item.channel) && serves(agent),
  );
  const isLimited = state.queue(item.queue)?.mostPerAgent !== undefined;
  let fresh: Candidate | undefined;
  let again: Candidate | undefined;
  let candidates = -resting.length;
  for (const pool of free.pools(item.queue)) {
    const among = pool.free.get(item.channel);
    if (!among) continue;
    candidates += among.size;
    for (const candidate of among) {
      if (isLimited && !state.hasRoomFor(item.queue, candidate.agent)) continue;
      if (!refused.has(candidate.agent)) {
        fresh = better(fresh, candidate);
        break; // the rest of this pool stands behind
      }
      if (!resting.includes(candidate.agent)) again = better(again, candidate);
    }
  }

  const best = fresh ?? again;
  if (!best) return undefined;
  const { preferredAgent } = item;
  if (
    preferredAgent !== undefined &&
    free.candidate(preferredAgent, item.channel) &&
    serves(preferredAgent) &&
    state.hasRoomFor(item.queue, preferredAgent) &&
    !refused.has(preferredAgent)
  ) {
    return chosen(preferredAgent, 'preferred-agent', candidates);
  }
  if (candidates === 1) return chosen(best.agent, 'only-candidate', 1);
  return chosen(best.agent, best.load === 0 ? 'longest-idle' : 'least-occupied', candidates);
}

const better = (one: Candidate | undefined, other: Candidate): Candidate =>
  one && compareAgents(one, other) <= 0 ? one : other;
