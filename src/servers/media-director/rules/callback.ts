/** Place-keeping: who would rather be called than wait leaves a work item in line that waits for them. */
import type { CommandParams, CommandReplies } from './command.ts';
import { offerEnded } from './answer-offer.ts';
import { entering, goingOn, stayingThere } from './entering.ts';
import { forbids, plan, unknownItem, wrongState, type Rule } from './plan.ts';

/** One pass ends and another goes on in its place, for as long as it takes: nobody is at the other end any more. */
export const keepPlace: Rule<CommandParams['keepPlace'], CommandReplies['keepPlace']> = (
  state,
  { item: id, to },
  { at },
) => {
  const answer = (): { item: typeof to } => ({ item: to });
  const item = state.item(id);
  if (!item) return state.endings.get(id)?.to === to ? plan([], answer) : unknownItem(id);
  const refused = forbids(item, 'transfer', 'store');
  if (refused) return refused;
  const taken = state.item(to) ?? (state.endings.has(to) && { id: to, state: 'closed' as const });
  if (taken) return wrongState(taken);

  const { queue, onlyAgent, ifRefused, waitsForAgentUntil, waitsForPreferredUntil } = item;
  const definition = state.queue(queue);
  const kept = { ...goingOn(item, to), onlyAgent, ifRefused, callback: true };
  const entered = definition
    ? entering({ id: queue, queue: definition }, kept, at)
    : ({ type: 'work-item-entered', ...kept, queue } as const);
  return plan(
    [
      ...offerEnded(item, 'withdrawn'),
      { type: 'work-item-transferred', item: id, to, queue, cause: 'callback' },
      { ...entered, ...stayingThere(item), waitsForAgentUntil, waitsForPreferredUntil },
    ],
    answer,
  );
};

/** The customer has called back, or does not want to be called any more. */
export const cancelCallback: Rule<
  CommandParams['cancelCallback'],
  CommandReplies['cancelCallback']
> = (state, { item: id }) => {
  const item = state.item(id);
  if (!item?.callback || forbids(item, 'abandon', 'store')) {
    const cancelled = state.endings.get(id)?.ending === 'abandoned';
    return plan([], () => ({ cancelled }));
  }
  return plan(
    [
      ...offerEnded(item, 'abandoned'),
      { type: 'work-item-closed', item: id, queue: item.queue, ending: 'abandoned' },
    ],
    () => ({ cancelled: true }),
  );
};
