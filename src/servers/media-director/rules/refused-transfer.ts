/** A transfer to an agent who does not take it returns to a place that was named when it was made. */
import type { AgentId } from '#domain/ids.ts';
import { withReturn, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, RequeueReason } from '#domain/work-item/event.ts';
import type { DirectorState } from './director-state.ts';
import { entering, goingOn, stayingThere } from './entering.ts';
import type { Facts } from './plan.ts';

/** Whether it waits for one agent, and goes on elsewhere where that agent does not take it. */
export const isReturnable = ({ state, onlyAgent, ifRefused }: OpenWorkItem): boolean =>
  (state === 'queued' || state === 'offered') && onlyAgent !== undefined && ifRefused !== undefined;

/**
 * It goes on to the place that was named, with its age: a queue, or as preferred an agent of its own queue.
 *
 * @param why How an offer ended that it comes from: whoever refused it gets it last.
 */
export function sentOn(
  state: DirectorState,
  item: OpenWorkItem,
  { at, newItem }: Pick<Facts, 'at' | 'newItem'>,
  why?: RequeueReason,
): DirectorEvent[] {
  const { ifRefused: place } = item;
  const named = place && 'queue' in place ? place.queue : item.queue;
  const id = state.configuration.get('queue', named) ? named : item.queue; // retired meanwhile
  const queue = state.queue(id);
  if (!queue) return [];
  const to = newItem();
  const work = {
    ...goingOn(item, to, id === item.queue ? undefined : state.queue(item.queue)),
    preferredAgent: place && 'agent' in place ? place.agent : undefined,
    returns: why
      ? withReturn(item, { agent: item.agent, at, reason: why, offer: item.offer })
      : item.returns,
  };
  return [
    { type: 'work-item-transferred', item: item.id, to, ...place, cause: 'refused' },
    { ...entering({ id, queue }, work, at), ...(id === item.queue ? stayingThere(item) : {}) },
  ];
}

/** What waits for an agent who goes away is sent on; what rings at them is not meant here. */
export const allSentOn = (
  state: DirectorState,
  agent: AgentId,
  facts: Pick<Facts, 'at' | 'newItem'>,
  which: (item: OpenWorkItem) => boolean = () => true,
): DirectorEvent[] =>
  [...state.waiting.only(agent)]
    .filter((item) => isReturnable(item) && which(item))
    .flatMap((item) => sentOn(state, item, facts));
