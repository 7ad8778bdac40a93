/** What the customer does: leaves, or writes again. */
import type { CommandParams, CommandReplies } from './command.ts';
import { offerEnded } from './answer-offer.ts';
import { customerReplied } from './await-customer.ts';
import { wakeUp } from './set-aside.ts';
import { done, forbids, plan, type Rule } from './plan.ts';

export const abandon: Rule<CommandParams['abandon'], CommandReplies['abandon']> = (
  state,
  { item: id },
) => {
  const item = state.item(id);
  if (!item || item.callback || forbids(item, 'abandon', 'store')) {
    const abandoned = state.endings.get(id)?.ending === 'abandoned';
    return plan([], () => ({ abandoned }));
  }
  return plan(
    [
      ...offerEnded(item, 'abandoned'),
      { type: 'work-item-closed', item: id, queue: item.queue, ending: 'abandoned' },
    ],
    () => ({ abandoned: true }),
  );
};

export const customerWrote: Rule<
  CommandParams['customerWrote'],
  CommandReplies['customerWrote']
> = (state, { item: id }, { at }) => {
  const item = state.item(id);
  if (!item) return done();
  if (!forbids(item, 'wake', 'store')) return done(wakeUp(state, item, at));
  return forbids(item, 'customer-replied', 'store')
    ? done()
    : done(customerReplied(state, item, at));
};
