import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { WorkStanding } from '#domain/work-item/explanation.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { chooseWork } from '../choose-work.ts';
import type { DirectorState } from '../director-state.ts';
import type { Waiting } from '../line.ts';

type Next = NonNullable<WorkStanding['next']>;

/**
 * What an agent would have been offered if a waiting item had not been there, and what put it first.
 *
 * @returns Nothing where nothing else waits that they could take.
 */
export function nextBehind(
  state: DirectorState,
  { id }: OpenWorkItem,
  agent: AgentId,
  at: Instant,
): Next | undefined {
  const waiting = state.waiting.get(id);
  if (!waiting) return undefined;
  state.waiting.delete(id);
  const next = chooseWork(state, agent, at);
  const behind = next && state.waiting.get(next.id);
  state.waiting.add(waiting);
  return behind && { item: behind.id, by: firstBy(waiting, behind) };
}

function firstBy(one: Waiting, next: Waiting): Next['by'] {
  if (one.tier < next.tier) return 'tier';
  if (one.urgency < next.urgency) return 'priority';
  if (one.objective !== next.objective) return 'need';
  return one.key < next.key ? 'age' : 'order';
}
