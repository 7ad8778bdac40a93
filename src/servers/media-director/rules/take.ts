/** An agent takes what waits from the list, before it is offered to anybody. */
import type { WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { accepted } from './answer-offer.ts';
import { roomInQueue, unableTo } from './availability.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { requestOf } from './interlock/reach.ts';
import { offerOf } from './match.ts';
import { done, forbids, notLoggedIn, plan, refuse, unknownItem, type Rule } from './plan.ts';
import { away, ringsAlready } from './ringing.ts';

/**
 * Theirs at once, where the queue allows it and they serve it; the cap holds. One whose calls a switch gives
 * out is offered it once the switch has let go of them.
 */
export const take: Rule<CommandParams['take'], CommandReplies['take']> = (
  state,
  { item: id, agent },
  { at, segment },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (item.agent === agent && item.state === 'accepted') return answer(item);
  const refused = forbids(item, 'offer', 'director');
  if (refused) return refused;
  const facts = state.agent(agent);
  if (!facts) return notLoggedIn(agent);
  const isForAnother = item.onlyAgent !== undefined && item.onlyAgent !== agent;
  if (isForAnother || !state.queue(item.queue)?.mayPull || !state.serves(agent, item.queue)) {
    return refuse('may-not-take', `Work item "${id}" is not for you to take from the list`, {
      item: id,
    });
  }
  const gone = away(agent, facts.status.present) ?? ringsAlready(agent, facts);
  if (gone) return gone;
  const most = state.queue(item.queue)?.mostPerAgent ?? Infinity;
  const unable = unableTo(item.channel, facts);
  const isReachable = unable === undefined || unable === 'not-interlocked';
  if (!isReachable || roomInQueue(item.queue, most, facts) <= 0) {
    return refuse('no-capacity', `You have no room for work item "${id}"`, { agent });
  }
  if (unable) {
    return done([
      requestOf(state, { item: id, agent, request: state.position + 1, by: agent }, at),
    ]);
  }
  const { revision: configuration } = state.configuration;
  const choice = { by: 'agent', rule: 'taken', candidates: 1, configuration } as const;
  const offer = offerOf(state, item, { agent, choice }, at);
  return plan([offer, ...accepted({ ...item, agent, offer: offer.offer }, segment)], replyOf(id));
};

const replyOf =
  (id: WorkItemId) =>
  (state: DirectorState): CommandReplies['take'] => ({ item: state.item(id) });

const answer = ({ id }: OpenWorkItem) => plan([], replyOf(id));
