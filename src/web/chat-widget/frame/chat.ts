/** The conversation as the widget holds it: a fold over what the gateway says and the customer does. Pure. */
import type { ChatMessage, EntryState, ServerFrame } from '#servers/web-chat-gateway/contract.ts';

/** What is said with the first message, which opens the conversation. */
export interface Opening {
  readonly name?: string;
  readonly email?: string;
  /** Left while nobody is there. */
  readonly offline?: boolean;
}

/** A message that the gateway has not confirmed; it is sent again after every reconnect, under the same id. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  readonly opening?: Opening;
  /** Why the gateway refused it; such a message is not sent again by itself. */
  readonly refused?: string;
}

export interface Chat {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Left out until the gateway has said it. */
  readonly entry: EntryState | undefined;
  readonly hasConsented: boolean;
  /** Proves that this browser is the customer; kept for a reload and for other tabs. */
  readonly session: string | undefined;
  /** Something has been written: there is a conversation. */
  readonly hasBegun: boolean;
  readonly messages: readonly ChatMessage[];
  readonly outgoing: readonly Outgoing[];
  /** The last message that has reached the agent's browser, and that the agent has read. */
  readonly delivered: number;
  readonly read: number;
  /** The last message this customer has read. */
  readonly seen: number;
  readonly owner: string | undefined;
  readonly isAgentTyping: boolean;
  readonly isEnded: boolean;
  /** The conversation is a message left while nobody was there. */
  readonly wasLeft: boolean;
  readonly problem: string | undefined;
}

export const EMPTY_CHAT: Chat = {
  connection: 'connecting',
  entry: undefined,
  hasConsented: false,
  session: undefined,
  hasBegun: false,
  messages: [],
  outgoing: [],
  delivered: 0,
  read: 0,
  seen: 0,
  owner: undefined,
  isAgentTyping: false,
  isEnded: false,
  wasLeft: false,
  problem: undefined,
};

export type ChatAction =
  | ServerFrame
  | { readonly type: 'connection'; readonly state: Chat['connection'] }
  | { readonly type: 'send'; readonly message: Outgoing }
  | { readonly type: 'consent' }
  | { readonly type: 'seen'; readonly number: number }
  /** What this browser kept, or what another tab has begun. */
  | {
      readonly type: 'restored';
      readonly session: string | undefined;
      readonly outgoing: readonly Outgoing[];
      readonly seen: number;
    }
  | { readonly type: 'anew' };

export function nextChat(chat: Chat, action: ChatAction): Chat {
  switch (action.type) {
    case 'connection':
      return { ...chat, connection: action.state };
    case 'welcome':
      return welcomed(chat, action);
    case 'entry':
      return { ...chat, entry: action.entry };
    case 'messages':
      return action.messages.reduce(withMessage, chat);
    case 'ack':
      return acknowledged(chat, action);
    case 'marks':
      return withMarks(chat, action);
    case 'typing':
      return { ...chat, isAgentTyping: action.typing };
    case 'owner':
      return { ...chat, owner: action.name };
    case 'ended':
      return { ...chat, isEnded: true, isAgentTyping: false, owner: undefined };
    case 'refused':
      return refused(chat, action);
    case 'pong':
      return chat;
    case 'send':
      return {
        ...chat,
        problem: undefined,
        wasLeft: action.message.opening?.offline ?? chat.wasLeft,
        outgoing: [...chat.outgoing, action.message],
      };
    case 'consent':
      return { ...chat, hasConsented: true };
    case 'seen':
      return { ...chat, seen: Math.max(chat.seen, action.number) };
    case 'restored':
      return {
        ...chat,
        session: action.session,
        outgoing: action.outgoing,
        seen: Math.max(chat.seen, action.seen),
      };
    case 'anew':
      return {
        ...EMPTY_CHAT,
        connection: chat.connection,
        entry: chat.entry,
        hasConsented: chat.hasConsented,
      };
  }
}

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

function welcomed(chat: Chat, { session, entry, conversation }: FrameOf<'welcome'>): Chat {
  const known = { ...chat, session, entry };
  // Nothing was written yet, or the old conversation is gone: what was not sent opens a new one.
  if (!conversation) return { ...known, hasBegun: false, messages: [], isEnded: false };
  return withMarks(
    {
      ...known,
      hasBegun: true,
      owner: conversation.owner,
      isEnded: conversation.ended !== undefined,
    },
    conversation.marks,
  );
}

function acknowledged(chat: Chat, { id, number, at }: FrameOf<'ack'>): Chat {
  const sent = chat.outgoing.find((message) => message.id === id);
  if (!sent) return chat;
  return withMessage(chat, { id, number, at, from: 'customer', text: sent.text });
}

/** Adds a message once, in the order of the numbers, and takes it off the list of the unconfirmed. */
function withMessage(chat: Chat, message: ChatMessage): Chat {
  const outgoing =
    message.from === 'customer'
      ? chat.outgoing.filter(({ id }) => id !== message.id)
      : chat.outgoing;
  const known = { ...chat, outgoing, hasBegun: true };
  if (chat.messages.some(({ number }) => number === message.number)) return known;
  return {
    ...known,
    messages: [...chat.messages, message].toSorted((a, b) => a.number - b.number),
    isAgentTyping: message.from === 'agent' ? false : chat.isAgentTyping,
    problem: undefined,
  };
}

/** Marks only move forward. */
function withMarks(chat: Chat, marks: { delivered: number; read: number }): Chat {
  return {
    ...chat,
    delivered: Math.max(chat.delivered, marks.delivered),
    read: Math.max(chat.read, marks.read),
  };
}

/** A message refused for good is shown so; one that came too fast waits and goes again. */
function refused(chat: Chat, { code, id, message }: FrameOf<'refused'>): Chat {
  const isPassing = code === 'too-fast' || code === 'try-again';
  return {
    ...chat,
    problem: message,
    isEnded: chat.isEnded || code === 'ended',
    outgoing: chat.outgoing.map((sent) =>
      sent.id === id && !isPassing ? { ...sent, refused: message } : sent,
    ),
  };
}

/** Messages of the agent that the customer has not read. */
export const unreadOf = (chat: Chat): number =>
  chat.messages.filter(({ from, number }) => from === 'agent' && number > chat.seen).length;

/** Nobody is there, and nothing has begun: the customer may only leave a message. */
export const isOffline = (chat: Chat): boolean =>
  chat.entry !== undefined && chat.entry.availability !== 'open' && !chat.hasBegun;
