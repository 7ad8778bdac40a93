import type { Instant } from '#base/time.ts';
import type { AgentId, WorkItemId } from '../ids.ts';
import type { Conversation, Party } from '../message.ts';
import type { DirectorEvent } from '../work-item/event.ts';
import type { WorkItemState } from '../work-item/state.ts';

/** What a conversation is to this rule. */
export interface ItemFacts {
  readonly conversation: Pick<Conversation, 'workItem' | 'owner' | 'endedAt'>;
  readonly itemState: WorkItemState | undefined;
  /** When the customer last wrote. */
  readonly customerWroteAt: Instant | undefined;
}

/** What becomes of the conversation. */
export interface ItemPlan {
  readonly workItem: WorkItemId | undefined;
  readonly owner: AgentId | undefined;
  readonly itemState: WorkItemState | undefined;
  /** Given: the conversation is over, and who ended it. */
  readonly ended?: Party;
  /** The customer wrote before it was set aside and after anybody could see it: the director must hear. */
  readonly customerWrote?: true;
}

/** The work item an event is about, if any. */
export const itemOf = (event: DirectorEvent): WorkItemId | undefined =>
  'item' in event && event.type !== 'wrap-up-started' && event.type !== 'wrap-up-ended'
    ? event.item
    : undefined;

/**
 * What an event of the media director's journal means for the conversation whose item it is about.
 *
 * @returns Nothing when it changes nothing.
 */
export function afterDirectorEvent(
  facts: ItemFacts,
  event: DirectorEvent,
  at: Instant,
): ItemPlan | undefined {
  const { workItem, owner } = facts.conversation;
  const changed = (plan: ItemPlan): ItemPlan | undefined =>
    plan.workItem === workItem &&
    plan.owner === owner &&
    plan.itemState === facts.itemState &&
    !plan.ended &&
    !plan.customerWrote
      ? undefined
      : plan;

  if (event.type === 'work-item-entered') {
    const isNext = event.previous !== undefined && event.previous === workItem;
    if (event.item !== workItem && !isNext) return undefined;
    return changed({ workItem: event.item, owner: undefined, itemState: 'queued' });
  }
  if (itemOf(event) !== workItem || workItem === undefined) return undefined;

  switch (event.type) {
    case 'work-item-offered':
      return changed({ workItem, owner: undefined, itemState: 'offered' });
    case 'work-item-accepted':
      return changed({ workItem, owner: event.agent, itemState: 'accepted' });
    case 'customer-replied':
      return changed({ workItem, owner, itemState: 'accepted' });
    case 'work-item-requeued':
      return changed({ workItem, owner: undefined, itemState: 'queued' });
    case 'work-item-awaits-customer':
    case 'work-item-parked': {
      const isParked = event.type === 'work-item-parked';
      const wrote = facts.customerWroteAt !== undefined && facts.customerWroteAt > at;
      return changed({
        workItem,
        owner: isParked ? undefined : owner,
        itemState: isParked ? 'parked' : 'awaiting-customer',
        ...(wrote ? { customerWrote: true } : {}),
      });
    }
    case 'work-item-transferred':
      return changed({ workItem: event.to, owner: undefined, itemState: 'queued' });
    case 'work-item-merged':
      return changed({ workItem: undefined, owner: undefined, itemState: undefined });
    case 'work-item-closed':
      return changed({
        workItem: undefined,
        owner: undefined,
        itemState: undefined,
        ...(facts.conversation.endedAt === undefined ? { ended: ENDED_BY[event.ending] } : {}),
      });
    case 'owner-changed':
      return changed({ workItem, owner: event.agent, itemState: facts.itemState });
    default: // of others, or what follows says what became of the item
      return undefined;
  }
}

const ENDED_BY = { handled: 'agent', abandoned: 'customer', forced: 'system' } as const;
