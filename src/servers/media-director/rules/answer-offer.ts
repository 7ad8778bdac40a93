/** How offers end. An accept or decline that does not present the present offer's number changes nothing. */
import type { AgentId, Channel, CodeId, SegmentId, WorkItemId } from '#domain/ids.ts';
import { CodeId as Code } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import {
  isTakenBack,
  type DirectorEvent,
  type OfferEnding,
  type RequeueReason,
} from '#domain/work-item/event.ts';
import { readyExcept } from '#domain/agent/state.ts';
import { channelsOf } from './availability.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import {
  done,
  forbids,
  plan,
  refuse,
  unknownItem,
  type Facts,
  type Refused,
  type Rule,
} from './plan.ts';
import { isReturnable, sentOn } from './refused-transfer.ts';

/**
 * Where somebody waits at the other end, not answering means that the agent does not attend to that
 * channel: they get no more of it until they say so. An e-mail or a task goes back without.
 */
const NOT_READY_AFTER_NO_ANSWER: Readonly<Record<Channel, boolean>> = {
  voice: true,
  'web-chat': true,
  sms: true,
  xmpp: true,
  email: false,
  preview: false,
  task: false,
};

export const accept: Rule<CommandParams['accept'], CommandReplies['accept']> = (
  state,
  { item: id, agent, offer },
  facts,
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  const answer = () => plan([], () => ({ item: state.item(id) ?? item }));
  const isTheirs = item.agent === agent && item.offer === offer;
  if (isTheirs && (item.state === 'accepted' || item.state === 'awaiting-customer'))
    return answer();
  if (!isTheirs || item.state !== 'offered') return overOf(item);
  const forbidden = forbids(item, 'accept', 'offered-agent', agent);
  if (forbidden) return forbidden;
  return plan(accepted(item, facts.segment), answer().reply);
};

/** The queue's offers are accepted by themselves, by whoever is there. */
export const autoAccept: Rule<CommandParams['autoAccept'], CommandReplies['autoAccept']> = (
  state,
  { item: id, offer },
  facts,
) => {
  const item = state.item(id);
  if (item?.state !== 'offered' || item.offer !== offer || item.agent === undefined) return done();
  const isThere = state.centre.agents.get(item.agent)?.present === true;
  return done(isThere ? accepted(item, facts.segment) : []);
};

/** An offered item becomes its agent's. */
export function accepted(item: OpenWorkItem, segment: SegmentId): DirectorEvent[] {
  const { id, agent, queue, offer } = item;
  if (agent === undefined || offer === undefined) return [];
  return [
    { type: 'offer-ended', item: id, agent, queue, offer, ending: 'accepted' },
    { type: 'work-item-accepted', item: id, agent, queue, segment, offer },
  ];
}

export const decline: Rule<CommandParams['decline'], CommandReplies['decline']> = (
  state,
  { item: id, agent, offer, reason },
  facts,
) => {
  const item = state.item(id);
  if (!item) return wasSentOn(state, id) ? done() : unknownItem(id);
  const wasDeclined = item.returns?.some((r) => r.reason === 'declined' && r.offer === offer);
  if (wasDeclined) return done();
  if (item.state !== 'offered' || item.agent !== agent || item.offer !== offer) {
    return overOf(item);
  }
  return (
    forbids(item, 'decline', 'offered-agent', agent) ??
    done(notTaken(state, item, 'declined', facts, reason))
  );
};

/** The server's deadline has passed. An offer that the agent could not see is taken back, at nobody's cost. */
export const offerExpired: Rule<CommandParams['offerExpired'], CommandReplies['offerExpired']> = (
  state,
  { item: id, offer, seen },
  step,
) => {
  const item = state.item(id);
  if (item?.state !== 'offered' || item.offer !== offer || item.agent === undefined) return done();
  if (!seen) return done(endOffer(item, 'withdrawn', 'withdrawn'));
  const events = notTaken(state, item, 'no-answer', step);
  const facts = state.agent(item.agent);
  if (NOT_READY_AFTER_NO_ANSWER[item.channel] && facts?.status.readiness.state === 'ready') {
    const { readiness, pending } = facts.status;
    const except = { ...readiness.except, [item.channel]: NO_ANSWER };
    events.push({
      type: 'agent-readiness-changed',
      agent: item.agent,
      readiness: readyExcept(except, channelsOf(facts)),
      pending,
    });
  }
  return done(events);
};

const NO_ANSWER = Code.parse('no-answer');

/** The agent does not take it: it is back in its queue, or goes on to where whoever transferred it said. */
export function notTaken(
  state: DirectorState,
  item: OpenWorkItem,
  why: 'declined' | 'no-answer' | 'device-error',
  facts: Pick<Facts, 'at' | 'newItem'>,
  reason?: CodeId,
): DirectorEvent[] {
  return isReturnable(item)
    ? [...offerEnded(item, why, reason), ...sentOn(state, item, facts, why)]
    : endOffer(item, why, why, { reason });
}

/** An offer ends and the item is back in its queue, with its age. Whom it preferred it goes on preferring, unless it was they. */
export function endOffer(
  item: OpenWorkItem,
  ending: OfferEnding,
  reason: RequeueReason,
  more: { readonly reason?: CodeId | undefined; readonly by?: AgentId | undefined } = {},
): DirectorEvent[] {
  const { preferredAgent, agent } = item;
  return [
    ...offerEnded(item, ending, more.reason),
    {
      type: 'work-item-requeued',
      item: item.id,
      queue: item.queue,
      reason,
      preferredAgent: preferredAgent === agent && !isTakenBack(reason) ? undefined : preferredAgent,
      by: more.by,
    },
  ];
}

/** That the offer of an item ended, where there is one. */
export function offerEnded(
  item: OpenWorkItem,
  ending: OfferEnding,
  reason?: CodeId,
): DirectorEvent[] {
  const { agent, offer } = item;
  if (item.state !== 'offered' || agent === undefined || offer === undefined) return [];
  return [{ type: 'offer-ended', item: item.id, agent, queue: item.queue, offer, ending, reason }];
}

/** Whether the director has sent it on by itself, because it was not taken. */
export function wasSentOn(state: DirectorState, item: WorkItemId): boolean {
  const ended = state.endings.get(item);
  return ended?.ending === 'transferred' && ended.by === undefined;
}

/** That an answer came to an offer which is over. */
export const overOf = ({ id, agent }: OpenWorkItem): Refused =>
  refuse('offer-over', `Cannot answer the offer of work item "${id}": it is over`, {
    item: id,
    agent,
  });
