/** How long waiting work will still wait, and how long it would wait that came in now. */
import type { Instant } from '#base/time.ts';
import {
  ConversationId,
  InteractionId,
  WorkItemId,
  type Channel,
  type QueueId,
} from '#domain/ids.ts';
import { estimateWait, type Estimate } from '#domain/waiting-time/estimate.ts';
import { asWaiting } from '#domain/work-item/fold-work-items.ts';
import { waitsSince, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from './director-state.ts';
import { rankOf } from './order.ts';
import { placeInLine } from './place-in-line.ts';
import type { Waiting } from './line.ts';

/** Where an item stands, and how long it will still wait where that can be told. */
export interface Expectation {
  /** From 1: so many must be served for it to be next. */
  readonly place: number;
  readonly wait: Estimate | undefined;
}

/** @returns Nothing where it does not wait in a line. */
export function expectationOf(
  state: DirectorState,
  id: WorkItemId,
  at: Instant,
): Expectation | undefined {
  const item = state.item(id);
  const place = placeInLine(state, id);
  return item && place !== undefined
    ? { place, wait: waitBehind(state, item, place - 1, at) }
    : undefined;
}

/** How long an item that comes in now can expect to wait; nothing where somebody is free for it. */
export function waitOfNew(
  state: DirectorState,
  item: OpenWorkItem,
  at: Instant,
): Estimate | undefined {
  const { queue, channel } = item;
  // most of the time nobody has waited for long, and nothing has to be looked up
  if (!state.memory.pace(queue, channel) || isSomebodyFree(state, item)) return undefined;
  const rank = rankOf(item, state.queue(queue), state.routing.ageing);
  // a line compares nothing but the rank
  const ahead = state.waiting.line(queue, channel).rank(rank as Waiting);
  return waitBehind(state, item, ahead, at);
}

/**
 * How long a customer would wait who came in now, asking for nothing special.
 *
 * @returns No time at all where somebody is free; nothing where it cannot be told.
 */
export function waitInQueue(
  state: DirectorState,
  { queue, channel }: { readonly queue: QueueId; readonly channel: Channel },
  at: Instant,
): Estimate | undefined {
  const definition = state.queue(queue);
  if (!definition) return undefined;
  const { priority, tier, requirements } = definition;
  const entered = { ...SOMEBODY, queue, channel, priority, tier, requirements, enteredAt: at };
  const somebody = asWaiting(entered, at);
  return isSomebodyFree(state, somebody) ? { least: 0, most: 0 } : waitOfNew(state, somebody, at);
}

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** Nobody in particular. */
const SOMEBODY = {
  type: 'work-item-entered',
  item: WorkItemId.parse(NO_ID),
  conversation: ConversationId.parse(NO_ID),
  interaction: InteractionId.parse(NO_ID),
} as const;

function waitBehind(
  { waiting, memory }: DirectorState,
  item: OpenWorkItem,
  ahead: number,
  at: Instant,
): Estimate | undefined {
  const { id, queue, channel } = item;
  const { first } = waiting.line(queue, channel);
  return estimateWait({
    at,
    pace: memory.pace(queue, channel),
    ahead,
    waited: Math.max(0, at - waitsSince(item)),
    headWaited: first && first.id !== id ? Math.max(0, at - waitsSince(first.item)) : undefined,
  });
}

function isSomebodyFree(state: DirectorState, item: OpenWorkItem): boolean {
  const asks = state.signatureOf(item);
  return asks !== undefined && state.free.signatures(item.channel).nextIn(asks.meeting, 0) >= 0;
}
