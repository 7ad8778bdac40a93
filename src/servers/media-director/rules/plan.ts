/** What a rule answers: the events that make it so, or why not. */
import type { Instant } from '#base/time.ts';
import type { AgentId, SegmentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { nextState, type MoveActor, type WorkItemMove } from '#domain/work-item/state.ts';
import type { DirectorState, Touched } from './director-state.ts';

/** What a decision takes from the world: it has no clock and no chance of its own. */
export interface Facts {
  readonly at: Instant;
  /** A new id, for the segment that this decision may begin. */
  readonly segment: SegmentId;
  /** Another new id at each call, for the passes that this decision may begin. */
  readonly newItem: () => WorkItemId;
}

/** Events to take in, in this order, and what to answer once they are durable. */
export interface Plan<Reply> {
  readonly type: 'plan';
  readonly events: readonly DirectorEvent[];
  /** Asked after the events have been taken in. */
  readonly reply: (state: DirectorState) => Reply;
  /** Whom time alone has made free for each other, though no event tells of it. */
  readonly freed?: Touched;
}

/** The request was understood and is declined; nothing happens. */
export interface Refused {
  readonly type: 'refused';
  readonly code: string;
  readonly message: string;
  readonly data: unknown;
}

/** Facts in, plan out. */
export type Rule<Params, Reply> = (
  state: DirectorState,
  params: Params,
  facts: Facts,
) => Plan<Reply> | Refused;

export const plan = <Reply>(
  events: readonly DirectorEvent[],
  reply: (state: DirectorState) => Reply,
): Plan<Reply> => ({ type: 'plan', events, reply });

/** A plan whose answer says no more than that it is done. */
export const done = (events: readonly DirectorEvent[] = []): Plan<Record<string, never>> =>
  plan(events, () => ({}));

/** Nothing happened, but these may be brought together now. */
export const freed = (some: Partial<Touched>): Plan<Record<string, never>> => ({
  ...done(),
  freed: { items: some.items ?? new Set(), agents: some.agents ?? new Set() },
});

export const refuse = (code: string, message: string, data: unknown): Refused => ({
  type: 'refused',
  code,
  message,
  data,
});

export const unknownItem = (item: WorkItemId): Refused =>
  refuse('unknown-item', `Cannot find work item "${item}": it is not open`, { item });

export const wrongState = ({ id, state }: Pick<OpenWorkItem, 'id' | 'state'>): Refused =>
  refuse('wrong-state', `Cannot do this to work item "${id}": it is ${state}`, { item: id, state });

export const notYours = ({ id, agent }: OpenWorkItem): Refused =>
  refuse('not-yours', `Cannot do this to work item "${id}": it is somebody else's`, {
    item: id,
    owner: agent,
  });

export const notLoggedIn = (agent: AgentId): Refused =>
  refuse('not-logged-in', `Cannot reach agent "${agent}": not logged in`, { agent });

/**
 * Whether the transition table allows a move, and to this agent: `owner` given means that only the
 * item's present owner may make it.
 *
 * @returns Nothing if so, else the refusal.
 */
export function forbids(
  item: OpenWorkItem,
  move: WorkItemMove,
  by: MoveActor,
  owner?: AgentId,
): Refused | undefined {
  const next = nextState(item.state, move, by);
  if (next.type !== 'moved') return wrongState(item);
  return owner !== undefined && item.agent !== owner ? notYours(item) : undefined;
}
