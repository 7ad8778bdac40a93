/** What must hold after every step, asked of the state itself: shown live, and checked by the tests. */
import type { Instant, Milliseconds } from '#base/time.ts';
import { CHANNELS } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Violation } from '#domain/work-item/standing.ts';
import { isFinal } from '#domain/work-item/state.ts';
import type { AgentFacts } from './agent-facts.ts';
import { roomIn, roomInQueue } from './availability.ts';
import type { DirectorState } from './director-state.ts';

/** Deadlines are kept by timers, which come late where much falls due at once. */
const DEADLINE_GRACE: Milliseconds = 1_000;

/** Asks everything open: costs by the number of open items. */
export function violationsOf(state: DirectorState): Violation[] {
  const items = [...state.centre.items.values()];
  return [...items.flatMap((item) => ownershipViolations(state, item)), ...imbalance(state)];
}

/** In = closed + open. */
export function imbalance({ centre, entered, ended }: DirectorState): Violation[] {
  const open = centre.items.size;
  if (entered === ended + open) return [];
  const what = `${entered} work items came in, but ${ended} ended and ${open} are open`;
  return [{ promise: 'balance', what }];
}

/** One owner, or none, as its state says. */
export function ownershipViolations(state: DirectorState, item: OpenWorkItem): Violation[] {
  const fault = ownershipFault(state, item);
  if (!fault) return [];
  const { id, agent } = item;
  return [
    { promise: 'one-owner', what: `Work item "${id}" ${fault}`, item: id, ...(agent && { agent }) },
  ];
}

/** An offer ends by its deadline. */
export function overdue({ id, agent, state, deadline }: OpenWorkItem, now: Instant): Violation[] {
  if (state !== 'offered' || deadline === undefined || now <= deadline + DEADLINE_GRACE) return [];
  const what = `Work item "${id}" is offered past its deadline`;
  return [{ promise: 'deadline', what, item: id, ...(agent && { agent }) }];
}

/**
 * Nobody may be above their capacity by an offer just made. Who is consulted and takes the contact over has
 * it already: what a person asked for and joined counts for them, limit or not.
 */
export function overloads(state: DirectorState, events: readonly DirectorEvent[]): Violation[] {
  return events.flatMap((event): Violation[] => {
    if (event.type !== 'work-item-offered' || event.choice.rule === 'consulted') return [];
    const { item: id, agent } = event;
    const item = state.item(id);
    const facts = state.agent(agent);
    if (!item || !facts) return [];
    const most = state.queue(item.queue)?.mostPerAgent ?? Infinity;
    if (roomIn(item.channel, facts) >= 0 && roomInQueue(item.queue, most, facts) >= 0) return [];
    const what = `Work item "${id}" was offered to agent "${agent}" above capacity`;
    return [{ promise: 'capacity', what, item: id, agent }];
  });
}

/** Whether somebody has more than their limits allow, counting what they own and where they take part. */
export const isAboveLimit = (facts: AgentFacts): boolean =>
  CHANNELS.some((channel) => roomIn(channel, facts) < 0);

function ownershipFault(state: DirectorState, item: OpenWorkItem): string | undefined {
  const { agent, segment, offer, deadline } = item;
  if (isFinal(item.state)) return `is ${item.state} and still open`;
  if (item.state === 'parked') return undefined;
  if (item.state === 'queued') return agent === undefined ? undefined : 'waits and has an owner';
  if (!hasAgent(state, item)) return `is ${item.state} with nobody who is logged in`;
  if (item.state !== 'offered')
    return segment === undefined ? 'has an owner but no segment' : undefined;
  return offer === undefined || deadline === undefined
    ? 'is offered without a deadline'
    : undefined;
}

const hasAgent = (state: DirectorState, { agent }: OpenWorkItem): boolean =>
  agent !== undefined && state.centre.agents.has(agent);
