/** The conversation as the widget holds it: a fold over what the gateway says and the customer does. Pure. */
import type { ChatMessage, GatewayFrame } from '#servers/web-chat-gateway/contract.ts';

/** A message that the gateway has not confirmed; it is sent again after every reconnect, under the same id. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  /** Given for the first message: it opens the conversation. */
  readonly opening?: { readonly name?: string; readonly address?: string };
  /** Why the gateway refused it; such a message is not sent again by itself. */
  readonly refused?: string;
}

export interface Chat {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** The gateway has said what there is. */
  readonly isKnown: boolean;
  readonly isOpen: boolean;
  readonly greeting: string;
  readonly closed: string;
  readonly consent: string;
  readonly hasConsented: boolean;
  readonly session: string | undefined;
  readonly messages: readonly ChatMessage[];
  readonly outgoing: readonly Outgoing[];
  /** The last message that has reached the agent's browser, and that the agent has read. */
  readonly delivered: number;
  readonly read: number;
  /** The last message this customer has read. */
  readonly seen: number;
  readonly agent: string | undefined;
  readonly isAgentTyping: boolean;
  readonly isEnded: boolean;
  /** A message was left while nobody was there. */
  readonly wasLeft: boolean;
  readonly problem: string | undefined;
}

export const EMPTY_CHAT: Chat = {
  connection: 'connecting',
  isKnown: false,
  isOpen: false,
  greeting: '',
  closed: '',
  consent: '',
  hasConsented: false,
  session: undefined,
  messages: [],
  outgoing: [],
  delivered: 0,
  read: 0,
  seen: 0,
  agent: undefined,
  isAgentTyping: false,
  isEnded: false,
  wasLeft: false,
  problem: undefined,
};

export type ChatAction =
  | GatewayFrame
  | { readonly type: 'connection'; readonly state: Chat['connection'] }
  | { readonly type: 'send'; readonly message: Outgoing }
  | { readonly type: 'consent' }
  /** Another tab of this browser has opened the conversation. */
  | { readonly type: 'joined'; readonly session: string }
  | {
      readonly type: 'restored';
      readonly session: string | undefined;
      readonly outgoing: readonly Outgoing[];
    }
  | { readonly type: 'anew' };

export function nextChat(chat: Chat, action: ChatAction): Chat {
  switch (action.type) {
    case 'connection':
      return { ...chat, connection: action.state };
    case 'welcome':
      return welcomed(chat, action);
    case 'opened':
      return {
        ...withMessage(chat, action.message),
        session: action.session,
        wasLeft: !chat.isOpen,
      };
    case 'message':
      return withMessage(chat, action.message);
    case 'marks':
      return withMarks(chat, action.marks);
    case 'typing':
      return { ...chat, isAgentTyping: action.typing };
    case 'agent':
      return { ...chat, agent: action.name };
    case 'availability':
      return { ...chat, isOpen: action.isOpen };
    case 'ended':
      return { ...chat, isEnded: true, isAgentTyping: false, agent: undefined };
    case 'refused':
      return refused(chat, action);
    case 'send':
      return { ...chat, problem: undefined, outgoing: [...chat.outgoing, action.message] };
    case 'consent':
      return { ...chat, hasConsented: true };
    case 'joined':
      return { ...chat, session: action.session };
    case 'restored':
      return { ...chat, session: action.session, outgoing: action.outgoing };
    case 'anew':
      return {
        ...EMPTY_CHAT,
        connection: chat.connection,
        isKnown: chat.isKnown,
        isOpen: chat.isOpen,
        greeting: chat.greeting,
        closed: chat.closed,
        consent: chat.consent,
        hasConsented: chat.hasConsented,
      };
  }
}

type FrameOf<T extends GatewayFrame['type']> = Extract<GatewayFrame, { type: T }>;

function welcomed(chat: Chat, frame: FrameOf<'welcome'>): Chat {
  const { isOpen, greeting, closed, consent, conversation } = frame;
  const known = { ...chat, isKnown: true, isOpen, greeting, closed, consent };
  // The session's conversation is gone: what was not sent opens a new one.
  if (!conversation) return { ...known, session: undefined, messages: [], isEnded: false };
  const joined = conversation.messages.reduce(withMessage, known);
  return withMarks(
    { ...joined, agent: conversation.agent, isEnded: conversation.ended },
    conversation.marks,
  );
}

/** Adds a message once, in the order of the numbers, and takes it off the list of the unconfirmed. */
function withMessage(chat: Chat, message: ChatMessage): Chat {
  const outgoing =
    message.from === 'customer'
      ? chat.outgoing.filter(({ id }) => id !== message.id)
      : chat.outgoing;
  if (chat.messages.some(({ number }) => number === message.number)) return { ...chat, outgoing };
  return {
    ...chat,
    outgoing,
    messages: [...chat.messages, message].toSorted((a, b) => a.number - b.number),
    isAgentTyping: message.from === 'agent' ? false : chat.isAgentTyping,
    problem: undefined,
  };
}

function withMarks(chat: Chat, marks: FrameOf<'marks'>['marks']): Chat {
  return {
    ...chat,
    delivered: Math.max(chat.delivered, marks.agentDelivered),
    read: Math.max(chat.read, marks.agentRead),
    seen: Math.max(chat.seen, marks.customerRead),
  };
}

/** A message refused for good is shown so; one that came too fast waits and goes again. */
function refused(chat: Chat, frame: FrameOf<'refused'>): Chat {
  const isPassing = frame.code === 'too-fast' || frame.code === 'busy';
  return {
    ...chat,
    problem: frame.message,
    isEnded: chat.isEnded || frame.code === 'ended',
    outgoing: chat.outgoing.map((message) =>
      message.id === frame.id && !isPassing ? { ...message, refused: frame.message } : message,
    ),
  };
}

/** Messages of the agent that the customer has not read. */
export const unreadOf = (chat: Chat): number =>
  chat.messages.filter(({ from, number }) => from === 'agent' && number > chat.seen).length;
