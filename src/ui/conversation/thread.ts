/**
 * One conversation as an agent's browser holds it: what the server has, and what is on its way there.
 * Pure: a fold over what was read, what was heard and what the agent does.
 */
import type { AgentId, Instant } from '#domain/ids.ts';
import type { Conversation, Marks, Message } from '#domain/message.ts';
import type { ConversationFrame } from '#ui/live/live.ts';

/** A message of the agent that the server has not confirmed yet. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  /** `failed`: the server refused it or could not be reached; it can be sent again under the same id. */
  readonly state: 'sending' | 'failed';
  readonly problem?: string;
}

export interface Note {
  readonly agent: AgentId;
  readonly note: string;
  readonly at: Instant;
}

export interface Thread {
  readonly conversation: Conversation | undefined;
  /** By rising number. */
  readonly messages: readonly Message[];
  readonly notes: readonly Note[];
  readonly outgoing: readonly Outgoing[];
  readonly isCustomerTyping: boolean;
}

export type ThreadAction =
  | ConversationFrame
  | {
      readonly type: 'read';
      readonly conversation: Conversation;
      readonly messages: readonly Message[];
      readonly notes: readonly Note[];
    }
  | { readonly type: 'send'; readonly id: string; readonly text: string }
  | { readonly type: 'not-sent'; readonly id: string; readonly problem: string };

export const EMPTY_THREAD: Thread = {
  conversation: undefined,
  messages: [],
  notes: [],
  outgoing: [],
  isCustomerTyping: false,
};

export function nextThread(thread: Thread, action: ThreadAction): Thread {
  switch (action.type) {
    case 'read':
      return withMessages(
        { ...thread, conversation: action.conversation, notes: action.notes },
        action.messages,
      );
    case 'message': {
      const next = withMessages(thread, [action.message]);
      return action.message.from === 'customer' ? { ...next, isCustomerTyping: false } : next;
    }
    case 'marked':
      return withConversation(thread, {
        marks: laterMarks(thread.conversation?.marks, action.marks),
      });
    case 'conversation-ended':
      return withConversation(thread, { endedAt: Date.now(), endedBy: action.by });
    case 'note':
      return { ...thread, notes: [...thread.notes, action] };
    case 'typing':
      return action.party === 'customer' ? { ...thread, isCustomerTyping: action.typing } : thread;
    case 'missed':
    case 'email':
    case 'writing':
      return thread;
    case 'send':
      return {
        ...thread,
        outgoing: [
          ...thread.outgoing.filter((o) => o.id !== action.id),
          { id: action.id, text: action.text, state: 'sending' },
        ],
      };
    case 'not-sent':
      return {
        ...thread,
        outgoing: thread.outgoing.map((o) =>
          o.id === action.id ? { ...o, state: 'failed', problem: action.problem } : o,
        ),
      };
  }
}

/** Adds messages once each, in the order of their numbers, and takes them off the list of the unsent. */
function withMessages(thread: Thread, added: readonly Message[]): Thread {
  const known = new Set(thread.messages.map((m) => m.number));
  const fresh = added.filter((m) => !known.has(m.number));
  const ids = new Set(added.filter((m) => m.from === 'agent').map((m) => m.id));
  return {
    ...thread,
    messages:
      fresh.length === 0
        ? thread.messages
        : [...thread.messages, ...fresh].toSorted((a, b) => a.number - b.number),
    outgoing: thread.outgoing.filter((o) => !ids.has(o.id)),
  };
}

function withConversation(thread: Thread, change: Partial<Conversation>): Thread {
  return thread.conversation
    ? { ...thread, conversation: { ...thread.conversation, ...change } }
    : thread;
}

/** Marks only move forward, in whichever order they are heard. */
function laterMarks(before: Marks | undefined, after: Marks): Marks {
  if (!before) return after;
  return {
    customerDelivered: Math.max(before.customerDelivered, after.customerDelivered),
    customerRead: Math.max(before.customerRead, after.customerRead),
    agentDelivered: Math.max(before.agentDelivered, after.agentDelivered),
    agentRead: Math.max(before.agentRead, after.agentRead),
  };
}

/** What was said, to the customer or among colleagues. */
export type Said =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'note'; readonly note: Note };

/** Messages and notes as they were said; messages keep the order of their numbers, whatever clocks say. */
export function saidIn(messages: readonly Message[], notes: readonly Note[]): Said[] {
  const said: Said[] = [];
  let from = 0;
  const byTime = notes.toSorted((a, b) => a.at - b.at);
  for (const message of messages) {
    const before = byTime.slice(from).filter((note) => note.at < message.at);
    from += before.length;
    said.push(...before.map((note) => ({ type: 'note', note }) as const), {
      type: 'message',
      message,
    });
  }
  return [...said, ...byTime.slice(from).map((note) => ({ type: 'note', note }) as const)];
}
