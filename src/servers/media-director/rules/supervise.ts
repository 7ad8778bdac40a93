/** What a supervisor does by hand. */
import type { CommandParams, CommandReplies } from './command.ts';
import { endOffer, offerEnded } from './answer-offer.ts';
import { roomInQueue, unableTo } from './availability.ts';
import { requestOf } from './interlock/reach.ts';
import { segmentEnded } from './segments.ts';
import { offerOf } from './match.ts';
import { partsEnded } from './participants/parts-ended.ts';
import { done, forbids, notLoggedIn, refuse, unknownItem, type Rule } from './plan.ts';
import { away, ringsAlready } from './ringing.ts';
import { wakeUp } from './set-aside.ts';
import { badCode } from './work-codes.ts';

/** Offers it to an agent of the supervisor's choice, ready or not; they must be there, their capacity holds, and one rings at a time. */
export const assign: Rule<CommandParams['assign'], CommandReplies['assign']> = (
  state,
  { item: id, agent, by },
  { at },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  const isParked = item.state === 'parked';
  const refused = forbids(item, isParked ? 'wake' : 'offer', 'supervisor');
  if (refused) return refused;
  const facts = state.agent(agent);
  if (!facts) return notLoggedIn(agent);
  const gone = away(agent, facts.status.present);
  if (gone) return gone;
  const most = state.queue(item.queue)?.mostPerAgent ?? Infinity;
  const unable = unableTo(item.channel, facts);
  const isReachable = unable === undefined || unable === 'not-interlocked';
  if (!isReachable || roomInQueue(item.queue, most, facts) <= 0) {
    return refuse('no-capacity', `Cannot assign to agent "${agent}": they have no room for it`, {
      agent,
    });
  }
  const rings = ringsAlready(agent, facts);
  if (rings) return rings;
  const woken = isParked ? wakeUp(state, item, at, by) : [];
  if (unable) {
    const request = state.position + woken.length + 1;
    return done([...woken, requestOf(state, { item: id, agent, request, by }, at)]);
  }
  const { revision: configuration } = state.configuration;
  const choice = { by: 'supervisor', rule: 'assigned', candidates: 1, configuration } as const;
  return done([...woken, offerOf(state, item, { agent, choice }, at)]);
};

/**
 * Takes an item back into its queue from whatever state it is in, age kept; rather for somebody else.
 * One that waits for whoever is free is where it should be.
 */
export const pullBack: Rule<CommandParams['pullBack'], CommandReplies['pullBack']> = (
  state,
  { item: id, by },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (item.state === 'queued' && item.onlyAgent === undefined) return done();
  if (item.state === 'offered') {
    return (
      forbids(item, 'withdraw-offer', 'supervisor') ??
      done(endOffer(item, 'withdrawn', 'pulled-back', { by }))
    );
  }
  return (
    forbids(item, 'requeue', 'supervisor') ??
    done([
      ...partsEnded(item, 'pulled-back'),
      ...segmentEnded(item, 'pulled-back'),
      { type: 'work-item-requeued', item: id, queue: item.queue, reason: 'pulled-back', by },
    ])
  );
};

/** Ends it from whatever state it is in. */
export const forceClose: Rule<CommandParams['forceClose'], CommandReplies['forceClose']> = (
  state,
  { item: id, by, code },
) => {
  const item = state.item(id);
  if (!item) return state.endings.has(id) ? done() : unknownItem(id);
  return (
    forbids(item, 'force-close', 'supervisor') ??
    badCode(state, code, 'work', item.queue) ??
    done([
      ...offerEnded(item, 'withdrawn'),
      ...partsEnded(item, 'forced'),
      ...segmentEnded(item, 'forced'),
      { type: 'work-item-closed', item: id, queue: item.queue, ending: 'forced', code, by },
    ])
  );
};

/** Moves it within its line, or above or below others'. What is not named stays as it is. */
export const reorder: Rule<CommandParams['reorder'], CommandReplies['reorder']> = (
  state,
  { item: id, priority, tier, by },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  const before = {
    priority: item.priority,
    tier: item.tier ?? state.queue(item.queue)?.tier ?? USUAL_TIER,
  };
  const after = { priority: priority ?? before.priority, tier: tier ?? before.tier };
  if (after.priority === before.priority && after.tier === before.tier) return done();
  return done([{ type: 'work-item-reordered', item: id, queue: item.queue, ...after, by }]);
};

/** Where neither the item nor its queue says anything. */
const USUAL_TIER = 5;
