/**
 * The reference: an engine that keeps everything in arrays and scans them with early exits, without any
 * index. Same rules, same choices; it is given ranks and candidates ready made, so that it only scans.
 */
import { doesServe } from '#domain/agent/eligible.ts';
import type { AgentId } from '#domain/ids.ts';
import { meets } from '#domain/requirement/meets.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { openChannels } from '#servers/media-director/rules/availability.ts';
import type { DirectorState } from '#servers/media-director/rules/director-state.ts';
import { compareWork, needAt, rankOf, type WorkRank } from '#servers/media-director/rules/order.ts';
import { waitedFor } from '#servers/media-director/rules/preferred.ts';
import { requirementOf } from '#servers/media-director/rules/requirements.ts';
import { isResting } from '#servers/media-director/rules/rest.ts';

interface Entry {
  readonly item: OpenWorkItem;
  readonly rank: WorkRank;
}

/** All that waits, in an array, in the order it came. */
export function listOfWaiting(state: DirectorState): Entry[] {
  const entries: Entry[] = [];
  for (const item of state.centre.items.values()) {
    if (item.state !== 'queued') continue;
    entries.push({ item, rank: rankOf(item, state.queue(item.queue), state.routing.ageing) });
  }
  return entries;
}

/** The work for an agent, by looking at everything that waits. What stands behind is not looked at closely. */
export function scanForWork(
  state: DirectorState,
  entries: readonly Entry[],
  agent: AgentId,
  at: number,
): OpenWorkItem | undefined {
  const facts = state.agent(agent);
  if (!facts) return undefined;
  const channels = openChannels(facts);
  let best: Entry | undefined;
  const firsts = new Map<number, Entry>(); // of the best class, by objective
  for (const entry of entries) {
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
  const margin = 1 + state.routing.hysteresis / 100;
  return (needAt(best.rank, at) <= needAt(own.rank, at) * margin ? own : best).item;
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
