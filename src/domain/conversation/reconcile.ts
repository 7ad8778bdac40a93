import type { WorkItemId } from '../ids.ts';
import type { OpenWorkItem } from '../work-item/open-work-item.ts';
import type { CloseEnding } from '../work-item/event.ts';
import type { ItemFacts, ItemPlan } from './after-director-event.ts';

/** How an item ended that the director no longer holds open. */
export interface ItemEnding {
  readonly ending: CloseEnding | 'transferred' | 'merged';
  readonly to?: WorkItemId | undefined;
}

/** What to do about one conversation whose work item this store holds open. */
export type Reconciliation =
  | { readonly type: 'agreed' }
  | { readonly type: 'changed'; readonly plan: ItemPlan }
  /** It went on as another item: look at that one next. */
  | { readonly type: 'moved'; readonly to: WorkItemId }
  /** The director never heard of it, or lost it: submit it again. */
  | { readonly type: 'submit' };

/**
 * Compares what this store holds open with what the director does, after either was away.
 *
 * @param open The director's item of that id, if it is open there.
 * @param ending How it ended, if it is over there. With neither, it was never submitted.
 */
export function reconcile(
  facts: ItemFacts,
  open: OpenWorkItem | undefined,
  ending: ItemEnding | undefined,
): Reconciliation {
  if (open) return withOpenItem(facts, open);
  if (!ending) return { type: 'submit' };
  if (ending.ending === 'transferred' && ending.to) return { type: 'moved', to: ending.to };
  const over = { workItem: undefined, owner: undefined, itemState: undefined };
  if (ending.ending === 'merged' || ending.ending === 'transferred') {
    return { type: 'changed', plan: over };
  }
  const isOver = facts.conversation.endedAt !== undefined;
  const by = { handled: 'agent', abandoned: 'customer', forced: 'system' } as const;
  const plan = isOver ? over : { ...over, ended: by[ending.ending] };
  return { type: 'changed', plan };
}

function withOpenItem(facts: ItemFacts, open: OpenWorkItem): Reconciliation {
  const { conversation, itemState, customerWroteAt } = facts;
  const isOwned = open.state === 'accepted' || open.state === 'awaiting-customer';
  const owner = isOwned ? open.agent : undefined;
  const setAside = open.state === 'parked' || open.state === 'awaiting-customer';
  const wrote = setAside && customerWroteAt !== undefined && customerWroteAt > open.since;
  if (
    conversation.workItem === open.id &&
    conversation.owner === owner &&
    itemState === open.state &&
    !wrote
  ) {
    return { type: 'agreed' };
  }
  const plan = { workItem: open.id, owner, itemState: open.state };
  return { type: 'changed', plan: wrote ? { ...plan, customerWrote: true } : plan };
}
