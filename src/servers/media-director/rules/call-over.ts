import { offerEnded } from './answer-offer.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { partsEnded, wrapUpsOfParts } from './participants/parts-ended.ts';
import { done, forbids, type Rule } from './plan.ts';
import { segmentEnded, wrapUpAfter } from './segments.ts';

/**
 * The call is over, and with it everything about its work item: nobody answers silence, and nothing lives
 * longer than the call. Who handled it gives a work code in wrap-up, where the queue wants one and has one.
 */
export const callOver: Rule<CommandParams['callOver'], CommandReplies['callOver']> = (
  state,
  { item: id },
  { at },
) => {
  const item = state.item(id);
  if (!item) return done();
  const { queue, agent } = item;
  if (!forbids(item, 'close', 'store')) {
    const codeMissing = state.queue(queue)?.wrapUp.codeRequired === true;
    return done([
      ...partsEnded(item, 'closed'),
      ...segmentEnded(item, 'closed'),
      { type: 'work-item-closed', item: id, queue, ending: 'handled', by: agent },
      ...wrapUpAfter(state, item, at, codeMissing),
      ...wrapUpsOfParts(state, item, at),
    ]);
  }
  return (
    forbids(item, 'force-close', 'store') ??
    done([
      ...offerEnded(item, 'abandoned'),
      { type: 'work-item-closed', item: id, queue, ending: 'abandoned' },
    ])
  );
};
