import type { Instant, Milliseconds } from '#base/time.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { chooseAgent, type Chosen } from './choose-agent.ts';
import { chooseWork } from './choose-work.ts';
import type { DirectorState, Touched } from './director-state.ts';
import { compareAgents, compareWork, type Candidate } from './order.ts';
import { refusedBy } from './rest.ts';
import type { Line, Waiting } from './line.ts';

type Take = (event: DirectorEvent) => void;

const NONE: readonly never[] = [];

/** How long an agent has to answer where the queue is not known any more. */
const OFFER_TIMEOUT_OF_UNKNOWN_QUEUE = 20_000;

/**
 * Brings together what can be brought together. Before, nobody free and waiting fitted each other but
 * for what is `touched`; afterwards nobody does. Each agent gets the first work they can take, each
 * work item the best agent who can take it; where the two differ, the more urgent work goes first.
 *
 * @param take Takes each offer into the state before the next is looked for.
 */
export function match(state: DirectorState, touched: Touched, at: Instant, take: Take): void {
  state.reconsider(touched, at);
  // Agents first: a free one must see older work of other queues before what has just come in.
  for (const { agent } of whoIsFree(state, touched)) {
    for (;;) {
      const work = chooseWork(state, agent, at);
      if (!work || !offerFirst(state, { work, knownOf: agent }, at, take)) break;
    }
  }
  const items = whatWaits(state, touched, at);
  if (items.length === 0) return;
  // All of a line asks for the same, and offers make nobody free: one for whom nobody is tells of all.
  const inVain = new Set<Line>();
  for (const { id } of items) {
    for (let now = state.waiting.get(id); now; now = state.waiting.get(id)) {
      if (now.line && inVain.has(now.line)) break;
      if (offerFirst(state, { work: now.item }, at, take)) continue;
      if (now.line && refusedBy(now.item).size === 0) inVain.add(now.line);
      break;
    }
  }
}

/** The agents who may be offered anything now, in the order of agents. */
function whoIsFree({ free }: DirectorState, { agents }: Touched): readonly Candidate[] {
  let found: Candidate[] | undefined;
  for (const agent of agents) {
    const first = free.place(agent)?.candidates[0];
    if (first) (found ??= []).push(first);
  }
  return found && found.length > 1 ? found.toSorted(compareAgents) : (found ?? NONE);
}

/** The work that somebody free may have, in the order of work. */
function whatWaits(state: DirectorState, { items }: Touched, at: Instant): readonly Waiting[] {
  let found: Waiting[] | undefined;
  for (const id of items) {
    const waiting = state.waitingOf(id);
    if (waiting && mayBeSuited(state, waiting)) (found ??= []).push(waiting);
  }
  return found && found.length > 1
    ? found.toSorted((a, b) => compareWork(a, b, at))
    : (found ?? NONE);
}

/** Whether anybody free is like somebody who could have it; what is for some by name is looked at closely. */
function mayBeSuited({ free }: DirectorState, { line, item }: Waiting): boolean {
  return !line?.asks || free.signatures(item.channel).nextIn(line.asks.meeting, 0) >= 0;
}

interface Wanted {
  readonly work: OpenWorkItem;
  /** Whose first work it is known to be. */
  readonly knownOf?: AgentId;
}

/**
 * Offers work to the best agent for it, or what comes first for that agent, to the best agent for that.
 * Staying with a queue is the first agent's alone: from then on work only gets more urgent, so it ends.
 */
function offerFirst(state: DirectorState, wanted: Wanted, at: Instant, take: Take): boolean {
  let last = wanted.knownOf;
  for (let { work } = wanted; ;) {
    const chosen = chooseAgent(state, work, at);
    if (!chosen) return false;
    const first =
      chosen.agent === last
        ? work
        : chooseWork(state, chosen.agent, at, { stays: last === undefined });
    if (first && first.id !== work.id && (last === undefined || isBefore(state, first, work, at))) {
      work = first;
      last = chosen.agent;
      continue;
    }
    take(offerOf(state, work, chosen, at));
    return true;
  }
}

function isBefore(state: DirectorState, one: OpenWorkItem, other: OpenWorkItem, at: Instant) {
  const [a, b] = [state.waiting.get(one.id), state.waiting.get(other.id)];
  return a !== undefined && b !== undefined && compareWork(a, b, at) < 0;
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
