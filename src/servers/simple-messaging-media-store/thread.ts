import type { Instant, Milliseconds } from '#base/time.ts';
import type { AgentId, ContactId, ConversationId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { Conversation, Message } from '#domain/message.ts';
import type { RequirementSteps } from '#domain/requirement/requirement.ts';
import type { WorkItemState } from '#domain/work-item/state.ts';

/** Client message ids kept per conversation; of a longer one the table is asked. */
export const IDS_KEPT = 1_000;

/**
 * One conversation in memory, as it has been decided. What is decided may not be durable yet: whoever
 * shows it to somebody waits for `written` first.
 */
export interface Thread {
  /** All but `lastNumber`, which moves with every message and stands beside it. */
  conversation: Omit<Conversation, 'lastNumber'>;
  lastNumber: number;
  /** Unknown until the director has been asked, after a start. */
  itemState: WorkItemState | undefined;
  /** Who speaks with the customer beside the owner; unknown as `itemState` is. */
  conferees: readonly AgentId[];
  customerWroteAt: Instant | undefined;
  readonly visitor: string | undefined;
  /** The id that the directory would give a customer it does not know; nothing where there is nobody to match. */
  candidate: ContactId | undefined;
  /** How many are at work on it: while there are any, this one copy stays in memory. */
  held: number;
  /** Resolves when all that has been decided so far is durable. */
  written: Promise<unknown>;
  /** The numbers of messages by the ids their writers chose, the newest last. */
  readonly numbers: Map<string, number>;
  /** What `numbers` holds: of a conversation from the tables they are read when somebody first writes. */
  knows: 'nothing' | 'newest' | 'all';
}

/** A thread of what the tables hold. */
export function threadOf(stored: StoredConversation): Thread {
  const { lastNumber, ...conversation } = stored.conversation;
  return {
    conversation,
    lastNumber,
    itemState: undefined,
    conferees: [],
    customerWroteAt: stored.customerWroteAt,
    visitor: stored.visitor,
    candidate: stored.candidate,
    held: 0,
    written: Promise.resolve(),
    numbers: new Map(),
    knows: lastNumber === 0 ? 'all' : 'nothing',
  };
}

/** Notes the number of a new message; the oldest make room. */
export function keepNumber(thread: Thread, id: string, number: number): void {
  thread.numbers.set(id, number);
  if (thread.numbers.size <= IDS_KEPT) return;
  const [oldest] = thread.numbers.keys();
  if (oldest !== undefined) thread.numbers.delete(oldest);
  thread.knows = 'newest';
}

/** Keeps this one copy in memory while `work` is at it. */
export async function whileHeld<T>(thread: Thread, work: () => Promise<T>): Promise<T> {
  thread.held++;
  try {
    return await work();
  } finally {
    thread.held--;
  }
}

/** The conversation as it has been decided; it may not be durable yet. */
export const headOf = ({ conversation, lastNumber }: Thread): Conversation => ({
  ...conversation,
  lastNumber,
});

/** The conversation as it is now, once all of that is durable. */
export async function settled(thread: Thread): Promise<Conversation> {
  const conversation = headOf(thread);
  await thread.written;
  return conversation;
}

/** What the tables know of a conversation. */
export interface StoredConversation {
  readonly conversation: Conversation;
  readonly visitor: string | undefined;
  readonly candidate: ContactId | undefined;
  readonly customerWroteAt: Instant | undefined;
}

/** How a work item is to be put in its queue, decided when the customer wrote. */
export interface PlannedSubmission {
  readonly queue: QueueId;
  readonly priority?: number | undefined;
  readonly requirements?: RequirementSteps | undefined;
  readonly serviceObjective?: Milliseconds | undefined;
  readonly enteredAt: Instant;
}

/** Something the media director must be told until it has answered. */
export type DirectorCall = {
  readonly workItem: WorkItemId;
  readonly conversation: ConversationId;
} & (
  | { readonly call: 'submit'; readonly submission: PlannedSubmission }
  | { readonly call: 'customer-wrote' | 'abandon' }
);

/** What a batch of the journal writes beside its events. */
export type Change =
  | {
      readonly type: 'conversation-opened';
      readonly conversation: Thread['conversation'];
      readonly visitor: string | undefined;
      readonly candidate: ContactId | undefined;
    }
  /** All that can change of a conversation, as it is now. */
  | { readonly type: 'conversation-changed'; readonly conversation: Thread['conversation'] }
  /** The customer said where to answer to. */
  | {
      readonly type: 'address-left';
      readonly conversation: Thread['conversation'];
      readonly candidate: ContactId | undefined;
    }
  | { readonly type: 'message-posted'; readonly message: Message }
  | {
      readonly type: 'note-added';
      readonly conversation: ConversationId;
      readonly id: string;
      readonly agent: AgentId;
      readonly note: string;
      readonly at: Instant;
    }
  | { readonly type: 'director-call'; readonly at: Instant; readonly call: DirectorCall }
  | { readonly type: 'followed'; readonly stream: string; readonly position: number };
