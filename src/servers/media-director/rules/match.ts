import type { Instant, Milliseconds } from '#base/time.ts';
import type { QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { chooseAgent, type Chosen } from './choose-agent.ts';
import { chooseWork } from './choose-work.ts';
import type { DirectorState, Touched } from './director-state.ts';
import { compareAgents, compareWork, type Candidate } from './order.ts';

type Take = (event: DirectorEvent) => void;

/** How long an agent has to answer where the queue is not known any more. */
const OFFER_TIMEOUT_OF_UNKNOWN_QUEUE = 20_000;

/**
 * Brings together what can be brought together. Before, nobody free and waiting fitted each other but
 * for what is `touched`; afterwards nobody does. Each agent gets the oldest work they can take, each
 * work item the best agent who can take it; where the two differ, the older work goes first.
 *
 * @param take Takes each offer into the state before the next is looked for.
 */
export function match(state: DirectorState, touched: Touched, at: Instant, take: Take): void {
  // Agents first: a free one must see older work of other queues before what has just come in.
  const agents = [...touched.agents]
    .flatMap((agent): Candidate | [] => {
      const [channel] = state.free.channelsOf(agent);
      return (channel && state.free.candidate(agent, channel)) ?? [];
    })
    .toSorted(compareAgents);
  for (const { agent } of agents) {
    for (;;) {
      const work = chooseWork(state, agent, at);
      if (!work || !offerOldest(state, work, at, take)) break;
    }
  }
  const items = [...touched.items]
    .flatMap((id) => state.item(id) ?? [])
    .filter((item) => item.state === 'queued')
    .toSorted(compareWork);
  for (const item of items) {
    while (state.item(item.id)?.state === 'queued') if (!offerOldest(state, item, at, take)) break;
  }
}

/** Offers `item` to the best agent for it, or what that agent must take before it. */
function offerOldest(state: DirectorState, item: OpenWorkItem, at: Instant, take: Take): boolean {
  for (let work = item; ;) {
    const chosen = chooseAgent(state, work, at);
    if (!chosen) return false;
    const oldest = chooseWork(state, chosen.agent, at);
    if (oldest && compareWork(oldest, work) < 0) {
      work = oldest;
      continue;
    }
    take(offerOf(state, work, chosen, at));
    return true;
  }
}

/** How long an agent has to answer what rings for work of a queue. */
export const offerTimeout = (state: DirectorState, queue: QueueId): Milliseconds =>
  state.queue(queue)?.offerTimeout ?? OFFER_TIMEOUT_OF_UNKNOWN_QUEUE;

/** The offer of a work item to an agent, under the next offer number. */
export function offerOf(
  state: DirectorState,
  item: OpenWorkItem,
  { agent, choice }: Chosen,
  at: Instant,
): DirectorEvent & { type: 'work-item-offered' } {
  return {
    type: 'work-item-offered',
    item: item.id,
    agent,
    queue: item.queue,
    offer: state.lastOffer + 1,
    deadline: at + offerTimeout(state, item.queue),
    choice,
  };
}
