/** What must hold after every step, asked of the state itself: shown live, and checked by the tests. */
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { isFinal } from '#domain/work-item/state.ts';
import { roomIn, roomInQueue } from './availability.ts';
import type { DirectorState } from './director-state.ts';

/** A promise that was broken; an alarm with the work item named. */
export interface Violation {
  readonly rule: 'one-owner' | 'balance' | 'capacity' | 'deadline';
  /** One sentence. */
  readonly what: string;
}

/** Asks everything open: costs by the number of open items. */
export function violationsOf(state: DirectorState): Violation[] {
  const { centre, entered, ended } = state;
  const found: Violation[] = [];
  for (const item of centre.items.values()) {
    const what = ownershipFault(state, item);
    if (what) found.push({ rule: 'one-owner', what: `Work item "${item.id}" ${what}` });
  }
  const open = centre.items.size;
  if (entered !== ended + open) {
    const what = `${entered} work items came in, but ${ended} ended and ${open} are open`;
    found.push({ rule: 'balance', what });
  }
  return found;
}

/** Nobody may be above their capacity by an offer just made. */
export function overloads(state: DirectorState, events: readonly DirectorEvent[]): Violation[] {
  return events.flatMap((event): Violation[] => {
    if (event.type !== 'work-item-offered') return [];
    const item = state.item(event.item);
    const facts = state.agent(event.agent);
    if (!item || !facts) return [];
    const most = state.queue(item.queue)?.mostPerAgent ?? Infinity;
    if (roomIn(item.channel, facts) >= 0 && roomInQueue(item.queue, most, facts) >= 0) return [];
    const what = `Work item "${event.item}" was offered to agent "${event.agent}" above capacity`;
    return [{ rule: 'capacity', what }];
  });
}

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
