/** Parking and waking: work that goes on another time. */
import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { waitsForPreferredUntil } from './preferred.ts';
import { segmentEnded } from './segments.ts';
import { partsEnded } from './participants/parts-ended.ts';
import { done, forbids, unknownItem, type Rule } from './plan.ts';

export const park: Rule<CommandParams['park'], CommandReplies['park']> = (
  state,
  { item: id, agent, until, by: supervisor },
) => {
  const item = state.item(id);
  const by = supervisor ?? agent;
  if (!item) return unknownItem(id);
  if (item.state === 'parked' && item.agent === by && item.parkedUntil === until) return done();
  const refused =
    supervisor === undefined
      ? forbids(item, 'park', 'owner', agent)
      : forbids(item, 'park', 'supervisor');
  if (refused) return refused;
  return done(setAside(item, { by, until }));
};

/** It is parked; whoever had it is preferred. Without a date it waits for the customer, or for somebody who wakes it. */
export const setAside = (
  item: OpenWorkItem,
  { by, until }: { readonly by: AgentId; readonly until?: Instant | undefined },
): DirectorEvent[] => [
  ...partsEnded(item, 'parked'),
  ...segmentEnded(item, 'parked'),
  {
    type: 'work-item-parked',
    item: item.id,
    by,
    until,
    preferredAgent: item.segment ? item.agent : undefined,
  },
];

/** Whoever asks, it goes back to its queue; preferred is who parked it. */
export const wake: Rule<CommandParams['wake'], CommandReplies['wake']> = (
  state,
  { item: id, by },
  { at },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (item.state !== 'parked' && item.returns?.at(-1)?.reason === 'woken') return done();
  return forbids(item, 'wake', 'supervisor') ?? done(wakeUp(state, item, at, by));
};

/** The follow-up date has come. */
export const wakeDue: Rule<CommandParams['wakeDue'], CommandReplies['wakeDue']> = (
  state,
  { item: id },
  { at },
) => {
  const item = state.item(id);
  return done(item && !forbids(item, 'wake', 'director') ? wakeUp(state, item, at) : []);
};

/** A parked item is back in its queue, with its age, and waits a while for whom it prefers. */
export const wakeUp = (
  state: DirectorState,
  { id, queue, preferredAgent }: OpenWorkItem,
  at: Instant,
  by?: AgentId,
): DirectorEvent[] => [
  {
    type: 'work-item-requeued',
    item: id,
    queue,
    reason: 'woken',
    preferredAgent,
    waitsForPreferredUntil: waitsForPreferredUntil(state, queue, at),
    by,
  },
];
