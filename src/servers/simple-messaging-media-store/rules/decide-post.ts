import type { AgentId } from '#domain/ids.ts';
import type { Conversation, Party } from '#domain/message.ts';
import type { WorkItemState } from '#domain/work-item/state.ts';

/** Who wants to say something. */
export interface Author {
  readonly from: Party;
  readonly agent?: AgentId | undefined;
}

/** What a conversation is to this rule. `itemState` is unknown until the director has been asked. */
export interface PostFacts {
  readonly conversation: Pick<Conversation, 'endedAt' | 'owner' | 'workItem'>;
  readonly itemState: WorkItemState | undefined;
  /** Who speaks with the customer beside the owner. */
  readonly conferees: readonly AgentId[];
}

/** It is taken. */
export interface PostDecision {
  readonly type: 'post';
  /** What the director must hear of it: that the customer wrote, or of a work item where none is open. */
  readonly tell: 'nothing' | 'customer-wrote' | 'submit';
}

/** Why a message is not taken. */
export type PostRefusal =
  | { readonly type: 'conversation-ended' }
  | { readonly type: 'not-yours'; readonly owner: AgentId | undefined };

/** Whether a message is taken, and what the media director must hear of it. */
export function decidePost(facts: PostFacts, author: Author): PostDecision | PostRefusal {
  const { endedAt, owner, workItem } = facts.conversation;
  if (endedAt !== undefined) return { type: 'conversation-ended' };
  if (author.from === 'agent' && !speaks(author.agent, facts)) {
    return { type: 'not-yours', owner };
  }
  if (author.from !== 'customer') return { type: 'post', tell: 'nothing' };
  if (workItem === undefined) return { type: 'post', tell: 'submit' };
  return { type: 'post', tell: waitsForCustomer(facts.itemState) ? 'customer-wrote' : 'nothing' };
}

/** Telling the director once too often changes nothing there, so what is not known counts as waiting. */
const waitsForCustomer = (state: WorkItemState | undefined): boolean =>
  state === undefined || state === 'parked' || state === 'awaiting-customer';

const speaks = (
  agent: AgentId | undefined,
  { conversation: { owner }, conferees }: PostFacts,
): boolean => agent !== undefined && (agent === owner || conferees.includes(agent));
