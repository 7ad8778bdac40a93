/** A transfer to an agent who does not take it returns to a place that was named when it was made. */
import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import { withReturn, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, Place, RequeueReason } from '#domain/work-item/event.ts';
import { isAtMostBusy } from './availability.ts';
import type { DirectorState, Touched } from './director-state.ts';
import { entering, goingOn, stayingThere } from './entering.ts';
import type { Facts } from './plan.ts';

/** Whether it waits for one agent, and goes on elsewhere where that agent does not take it. */
export const isReturnable = ({ state, onlyAgent, ifRefused }: OpenWorkItem): boolean =>
  (state === 'queued' || state === 'offered') && onlyAgent !== undefined && ifRefused !== undefined;

/**
 * It goes on to the place that was named, with its age: a queue, or as preferred an agent of its own queue;
 * where none was named, to anybody, and as preferred to whom it was for.
 *
 * @param why How an offer ended that it comes from: whoever refused it gets it last.
 */
export function sentOn(
  state: DirectorState,
  item: OpenWorkItem,
  { at, newItem }: Pick<Facts, 'at' | 'newItem'>,
  why?: RequeueReason,
): DirectorEvent[] {
  const { onlyAgent } = item;
  const place: Place | undefined = item.ifRefused ?? (onlyAgent && { agent: onlyAgent });
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

/** What waits for an agent who logs out is sent on; what rings at them is not meant here. */
export const allSentOn = (
  state: DirectorState,
  agent: AgentId,
  facts: Pick<Facts, 'at' | 'newItem'>,
): DirectorEvent[] =>
  state.waiting
    .only(agent)
    .filter(isReturnable)
    .flatMap((item) => sentOn(state, item, facts));

/** Until when it waits for one agent; nothing where it does not. */
export const waitsForAgentUntil = (item: OpenWorkItem): Instant | undefined =>
  item.state === 'queued' && item.onlyAgent !== undefined ? item.waitsForAgentUntil : undefined;

/** What has waited for one agent for long enough, or who is more than busy now, goes on. */
export function settleTransfers(
  state: DirectorState,
  touched: Touched,
  facts: Pick<Facts, 'at' | 'newItem'>,
): readonly DirectorEvent[] {
  const items = new Set<OpenWorkItem>();
  for (const id of touched.items) {
    const item = state.item(id);
    if (item?.state === 'queued' && item.onlyAgent !== undefined) items.add(item);
  }
  for (const agent of touched.agents) {
    for (const item of state.waiting.only(agent)) items.add(item);
  }
  if (items.size === 0) return NOTHING; // nearly always
  return [...items]
    .filter((item) => isInVain(state, item, facts.at))
    .flatMap((item) => sentOn(state, item, facts));
}

const NOTHING: readonly DirectorEvent[] = [];

/** A wall clock that was set back to before it began to wait ends the wait. */
function isInVain(state: DirectorState, item: OpenWorkItem, at: Instant): boolean {
  const until = waitsForAgentUntil(item);
  if (until !== undefined && (at >= until || at < item.since)) return true;
  const facts = item.onlyAgent && state.agent(item.onlyAgent);
  return !facts || !isAtMostBusy(item.channel, facts);
}
