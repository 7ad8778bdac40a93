/** The contact is closed, and wrap-up follows where the queue has one. */
import type { QueueId } from '#domain/ids.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import {
  done,
  forbids,
  notLoggedIn,
  refuse,
  unknownItem,
  type Refused,
  type Rule,
} from './plan.ts';
import { partsEnded, wrapUpsOfParts } from './participants/parts-ended.ts';
import { segmentEnded, wrapUpAfter } from './segments.ts';
import { badCode } from './work-codes.ts';

export const close: Rule<CommandParams['close'], CommandReplies['close']> = (
  state,
  { item: id, agent, code },
  { at },
) => {
  const item = state.item(id);
  if (!item) {
    const ended = state.endings.get(id);
    return ended?.ending === 'handled' && ended.by === agent ? done() : unknownItem(id);
  }
  const refused =
    forbids(item, 'close', 'owner', agent) ?? badCode(state, code, 'work', item.queue);
  if (refused) return refused;
  const wrapUp = state.queue(item.queue)?.wrapUp;
  const codeMissing = wrapUp?.codeRequired === true && code === undefined;
  if (codeMissing && wrapUp.longest === 0) return codeRequired(item.queue);
  return done([
    ...partsEnded(item, 'closed'),
    ...segmentEnded(item, 'closed'),
    { type: 'work-item-closed', item: id, queue: item.queue, ending: 'handled', code, by: agent },
    ...wrapUpAfter(state, item, at, codeMissing),
    ...wrapUpsOfParts(state, item, at),
  ]);
};

export const endWrapUp: Rule<CommandParams['endWrapUp'], CommandReplies['endWrapUp']> = (
  state,
  { agent, item, code },
) => {
  const status = state.centre.agents.get(agent);
  if (!status) return notLoggedIn(agent);
  // None: it ran out, or this was asked before. Several: they had it more than once.
  const wrapUps = status.wrapUps.filter((w) => w.item === item);
  for (const { queue, codeRequired: isMust } of wrapUps) {
    const bad = badCode(state, code, 'work', queue);
    if (bad) return bad;
    if (isMust && queue && code === undefined) return codeRequired(queue);
  }
  return done(
    wrapUps.map(({ segment }) => ({ type: 'wrap-up-ended', agent, item, segment, code })),
  );
};

/** The longest time is over: work goes on, with a code or without. */
export const wrapUpOver: Rule<CommandParams['wrapUpOver'], CommandReplies['wrapUpOver']> = (
  state,
  { agent, segment },
) => {
  const wrapUps = state.centre.agents.get(agent)?.wrapUps ?? [];
  return done(
    wrapUps
      .filter((w) => w.segment === segment)
      .map(({ item }) => ({ type: 'wrap-up-ended', agent, item, segment })),
  );
};

const codeRequired = (queue: QueueId): Refused =>
  refuse('code-required', `Cannot finish without a work code: queue "${queue}" asks for one`, {
    queue,
  });
