/** What a supervisor does by hand. */
import type { CommandParams, CommandReplies } from './command.ts';
import { endOffer, offerEnded } from './answer-offer.ts';
import { roomInQueue, unableTo } from './availability.ts';
import { segmentEnded } from './segments.ts';
import { offerOf } from './match.ts';
import { partsEnded } from './participants/parts-ended.ts';
import { done, forbids, notLoggedIn, refuse, unknownItem, type Rule } from './plan.ts';
import { wakeUp } from './set-aside.ts';

/** Offers it to an agent of the supervisor's choice, ready or not; their capacity holds. */
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
  const most = state.queue(item.queue)?.mostPerAgent ?? Infinity;
  if (unableTo(item.channel, facts) || roomInQueue(item.queue, most, facts) <= 0) {
    return refuse('no-capacity', `Cannot assign to agent "${agent}": they have no room for it`, {
      agent,
    });
  }
  const { revision: configuration } = state.configuration;
  const choice = { by: 'supervisor', rule: 'assigned', candidates: 1, configuration } as const;
  return done([...(isParked ? wakeUp(item, by) : []), offerOf(state, item, { agent, choice }, at)]);
};

/** Takes an offered or owned item back into its queue, age kept; rather for somebody else. */
export const pullBack: Rule<CommandParams['pullBack'], CommandReplies['pullBack']> = (
  state,
  { item: id, by },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (item.state === 'queued' && item.returns?.at(-1)?.reason === 'pulled-back') return done();
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
    done([
      ...offerEnded(item, 'withdrawn'),
      ...partsEnded(item, 'forced'),
      ...segmentEnded(item, 'forced'),
      { type: 'work-item-closed', item: id, queue: item.queue, ending: 'forced', code, by },
    ])
  );
};
