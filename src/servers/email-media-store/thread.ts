import type { Instant } from '#base/time.ts';
import type { Email, EmailConversation } from '#domain/email/email.ts';
import type { AgentId, ContactId, ConversationId, WorkItemId } from '#domain/ids.ts';
import type { WorkItemState } from '#domain/work-item/state.ts';
import type { StoredAttachment } from './out/outgoing.ts';

/** All of a conversation but what moves with every e-mail and stands beside it. */
export type Head = Omit<EmailConversation, 'writers' | 'lastNumber' | 'readNumber'>;

/** A pass that was split from another and goes on beside it. */
export interface FurtherItem {
  readonly workItem: WorkItemId;
  readonly owner?: AgentId | undefined;
}

/** What the tables know of a conversation beside what everybody sees. */
export interface Kept {
  /** Addresses of everybody who wrote or was written to, in lower case. */
  readonly participants: readonly string[];
  readonly threadRoots: readonly string[];
  /** Who has or last had it. */
  readonly lastOwner: AgentId | undefined;
  readonly further: readonly FurtherItem[];
  readonly customerWroteAt: Instant | undefined;
  /** When mail opened another pass, the newest ones. */
  readonly reopened: readonly Instant[];
  /** The id that the directory would give a customer it does not know; nothing where there is nobody to match. */
  readonly candidate: ContactId | undefined;
  readonly erased: boolean;
}

/** A conversation as its table holds it. */
export interface StoredConversation {
  readonly conversation: Omit<EmailConversation, 'writers'>;
  readonly kept: Kept;
  /** Conversations that were merged into it. */
  readonly formerly: readonly ConversationId[];
}

/**
 * One conversation in memory, as it has been decided. What is decided may not be durable yet: whoever
 * shows it to somebody waits for `written` first.
 */
export interface Thread {
  head: Head;
  kept: Kept;
  lastNumber: number;
  readNumber: number;
  formerly: readonly ConversationId[];
  /** Unknown until the director has been asked, after a start. */
  itemState: WorkItemState | undefined;
  /** Who speaks with the customer beside the owner; unknown as `itemState` is. */
  conferees: readonly AgentId[];
  /** How many are at work on it: while there are any, this one copy stays in memory. */
  held: number;
  /** Resolves when all that has been decided so far is durable. */
  written: Promise<unknown>;
}

/** A thread of what the tables hold. */
export function threadOf({ conversation, kept, formerly }: StoredConversation): Thread {
  const { lastNumber, readNumber, ...head } = conversation;
  return {
    head,
    kept,
    lastNumber,
    readNumber,
    formerly,
    itemState: undefined,
    conferees: [],
    held: 0,
    written: Promise.resolve(),
  };
}

/** Of many participants the first are known: who writes to thousands is no part of a conversation. */
export const MOST_PARTICIPANTS = 500;

/** The open work items of a conversation: its own, and those split from it. */
export const itemsOf = ({ head, kept }: Pick<Thread, 'head' | 'kept'>): WorkItemId[] => [
  ...(head.workItem ? [head.workItem] : []),
  ...kept.further.map(({ workItem }) => workItem),
];

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
export const conversationOf = (
  { head, lastNumber, readNumber }: Thread,
  writers: AgentId[] = [],
): EmailConversation => ({ ...head, writers, lastNumber, readNumber });

/** An e-mail as its table holds it. */
export interface StoredEmail {
  readonly email: Omit<Email, 'conversation' | 'number' | 'attachments' | 'delivery' | 'hasHtml'>;
  readonly conversation: ConversationId | undefined;
  readonly number: number | undefined;
  /** As its sender wrote it, unsafe; of what was sent from here, clean. */
  readonly html: string | undefined;
  /** References and In-Reply-To, the oldest first. */
  readonly references: readonly string[];
  readonly attachments: readonly StoredAttachment[];
  /** The blob that holds the whole message, and its bytes. */
  readonly raw: string;
  readonly size: number;
  /** Whom an answer goes to, in lower case. */
  readonly correspondent: string;
  readonly fingerprint: string;
  readonly openedWork: boolean;
  /** Why it went where it went; left out of what was sent. */
  readonly reasons?: readonly string[];
}
