/** Two matters that are one, and one that is two. Only where nobody is at the other end meanwhile. */
import type { AgentId, Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { offerEnded } from './answer-offer.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { entering, goingOn } from './entering.ts';
import { partsEnded, wrapUpsOfParts } from './participants/parts-ended.ts';
import { done, forbids, notYours, plan, refuse, unknownItem, wrongState } from './plan.ts';
import type { Refused, Rule } from './plan.ts';
import { segmentEnded, wrapUpAfter } from './segments.ts';

/**
 * A live thread has one customer in front of one window: two of them cannot be read as one, and one
 * cannot be answered by two owners.
 */
const CAN_BE_JOINED: Readonly<Record<Channel, boolean>> = {
  voice: false,
  'web-chat': false,
  sms: false,
  xmpp: false,
  email: true,
  preview: true,
  task: true,
};

/** The item ends with everything that was to fall due for it; its content goes on with `into`. */
export const merge: Rule<CommandParams['merge'], CommandReplies['merge']> = (
  state,
  { item: id, into: other, agent, by: supervisor },
  { at },
) => {
  const item = state.item(id);
  if (!item) {
    const ended = state.endings.get(id);
    return ended?.ending === 'merged' && ended.to === other ? done() : unknownItem(id);
  }
  const into = state.item(other);
  if (!into) return unknownItem(other);
  const refused =
    forbids(item, 'merge', supervisor === undefined ? 'owner' : 'supervisor') ??
    (supervisor === undefined ? notBothTheirs(item, into, agent) : undefined) ??
    differ(item, into);
  if (refused) return refused;
  const goesOn = item.agent === into.agent; // the same agent has it all: nothing to wrap up
  return done([
    ...offerEnded(item, 'withdrawn'),
    ...partsEnded(item, 'merged'),
    ...segmentEnded(item, 'merged'),
    { type: 'work-item-merged', item: id, into: other, by: supervisor ?? agent },
    ...(goesOn ? [] : wrapUpAfter(state, item, at, false)),
    ...wrapUpsOfParts(state, item, at),
  ]);
};

/** A second matter gets a pass of its own, which begins to wait now; the first goes on. */
export const split: Rule<CommandParams['split'], CommandReplies['split']> = (
  state,
  { item: id, agent, to, queue: named },
  { at },
) => {
  const answer = (): { item: typeof to } => ({ item: to });
  const item = state.item(id);
  const known = state.item(to);
  const ended = state.endings.get(to);
  // Asked before; the first may have ended meanwhile. An id of somebody else's is none of ours.
  if ((known ?? ended)?.splitFrom === id) return plan([], answer);
  if (known) return wrongState(known);
  if (ended) return wrongState({ id: to, state: 'closed' });
  if (!item) return unknownItem(id);
  if (item.state !== 'accepted' && item.state !== 'awaiting-customer') return wrongState(item);
  if (item.agent !== agent) return notYours(item);
  if (!CAN_BE_JOINED[item.channel]) return customerIsThere(item);
  const queueId = named ?? item.queue;
  const queue = state.configuration.get('queue', queueId);
  if (!queue) {
    return refuse('unknown-queue', `Cannot split into queue "${queueId}": there is none`, {
      queue: queueId,
    });
  }
  const { previous: _, ...work } = goingOn(
    item,
    to,
    queueId === item.queue ? undefined : state.queue(item.queue),
  );
  const second = {
    ...work,
    enteredAt: at,
    preferredAgent: agent,
    passed: undefined,
    splitFrom: id,
  };
  return plan([entering({ id: queueId, queue }, second, at)], answer);
};

/** An agent joins what they have with more of theirs, or with what nobody has. */
function notBothTheirs(
  item: OpenWorkItem,
  into: OpenWorkItem,
  agent: AgentId,
): Refused | undefined {
  const isTheirs = ({ agent: owner, segment }: OpenWorkItem): boolean =>
    owner === agent && segment !== undefined;
  const isFree = ({ state }: OpenWorkItem): boolean => state === 'queued' || state === 'parked';
  for (const one of [item, into]) if (!isTheirs(one) && !isFree(one)) return notYours(one);
  return isTheirs(item) || isTheirs(into) ? undefined : notYours(into);
}

function differ(item: OpenWorkItem, into: OpenWorkItem): Refused | undefined {
  if (item.id === into.id) return cannot(item, into, 'same-item');
  if (item.channel !== into.channel) return cannot(item, into, 'other-channel');
  if (!CAN_BE_JOINED[item.channel]) return customerIsThere(item);
  const isSomebodyElses =
    item.contact !== undefined && into.contact !== undefined && item.contact !== into.contact;
  return isSomebodyElses ? cannot(item, into, 'other-contact') : undefined;
}

const customerIsThere = ({ id, channel }: OpenWorkItem): Refused =>
  refuse('live-contact', `Cannot merge or split work item "${id}": its customer is there`, {
    item: id,
    channel,
  });

const cannot = (
  { id }: OpenWorkItem,
  { id: into }: OpenWorkItem,
  why: 'same-item' | 'other-channel' | 'other-contact',
): Refused =>
  refuse('cannot-merge', `Cannot merge work item "${id}" into "${into}": ${REASONS[why]}`, {
    item: id,
    into,
    why,
  });

const REASONS = {
  'same-item': 'it is the same',
  'other-channel': 'it came by another channel',
  'other-contact': 'it is somebody else’s',
};
