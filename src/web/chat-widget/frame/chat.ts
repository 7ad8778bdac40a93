/** The conversation as the widget holds it: a fold over what the gateway says and the customer does. Pure. */
import type {
  ChatMarks,
  ChatMessage,
  EntryState,
  RefusalCode,
  ServerFrame,
} from '#servers/web-chat-gateway/contract.ts';

/** What is said with the first message, which opens the conversation. */
export interface Opening {
  readonly name?: string;
  readonly email?: string;
  /** Left while nobody is there. */
  readonly offline?: boolean;
}

/** A message that is not acknowledged; it is sent again after every reconnect, under the same id. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  /** When it was written: it is shown with its time before the store has given one. */
  readonly at: number;
  readonly opening?: Opening;
  /** Why it was refused for good; it is not sent again. */
  readonly refused?: RefusalCode;
}

export interface Chat {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Nothing until the gateway has said it. */
  readonly entry: EntryState | undefined;
  readonly hasConsented: boolean;
  /** Proves that this browser is the customer. */
  readonly session: string | undefined;
  /** Something has been stored: there is a conversation. */
  readonly hasBegun: boolean;
  /** By number, each once. */
  readonly messages: readonly ChatMessage[];
  /** The number of the last message there is; until all are here they are still coming. */
  readonly lastNumber: number;
  readonly outgoing: readonly Outgoing[];
  readonly marks: ChatMarks;
  readonly owner: string | undefined;
  readonly isAgentTyping: boolean;
  readonly isEnded: boolean;
  /** How the customer stands in the line, as the queue says it; '' where it says nothing. */
  readonly waiting: string;
  /** The conversation is a message left while nobody was there, or could take the customer on. */
  readonly wasLeft: boolean;
  /** There is an e-mail address to answer to. */
  readonly hasAddress: boolean;
  /** Why nobody took the customer on after they had written, where that is known. */
  readonly turnedAway:
    | { readonly reason: 'full' | 'closed'; readonly opensAt?: number }
    | undefined;
  /** What went wrong last, until something goes well. */
  readonly problem: RefusalCode | undefined;
}

const NO_MARKS: ChatMarks = { delivered: 0, read: 0, seen: 0 };

export const EMPTY_CHAT: Chat = {
  connection: 'connecting',
  entry: undefined,
  hasConsented: false,
  session: undefined,
  hasBegun: false,
  messages: [],
  lastNumber: 0,
  outgoing: [],
  marks: NO_MARKS,
  owner: undefined,
  isAgentTyping: false,
  isEnded: false,
  waiting: '',
  wasLeft: false,
  hasAddress: false,
  turnedAway: undefined,
  problem: undefined,
};

export type ChatAction =
  | ServerFrame
  | { readonly type: 'connection'; readonly state: Chat['connection'] }
  | { readonly type: 'send'; readonly message: Outgoing }
  | { readonly type: 'consent' }
  /** The customer has looked at all there is. */
  | { readonly type: 'seen'; readonly number: number }
  /** What this browser kept, or what another of its tabs has begun: the conversation is that one now. */
  | {
      readonly type: 'resume';
      readonly session: string | undefined;
      readonly outgoing: readonly Outgoing[];
    }
  /** The customer begins another conversation. */
  | { readonly type: 'anew' };

export function nextChat(chat: Chat, action: ChatAction): Chat {
  switch (action.type) {
    case 'connection':
      return { ...chat, connection: action.state, isAgentTyping: false };
    case 'welcome':
      return welcomed(chat, action);
    case 'entry':
      return { ...chat, entry: action.entry };
    case 'messages':
      return withMessages(chat, action.messages);
    case 'ack':
      return acknowledged(chat, action);
    case 'marks':
      return withMarks(chat, action);
    case 'typing':
      return { ...chat, isAgentTyping: action.typing };
    case 'owner':
      return { ...chat, owner: action.name, waiting: '', isAgentTyping: false };
    case 'waiting':
      return { ...chat, waiting: action.text };
    case 'turned-away': {
      const { type: _, ...turnedAway } = action;
      return { ...chat, wasLeft: true, waiting: '', turnedAway };
    }
    case 'address-kept':
      return { ...chat, hasAddress: true, problem: undefined };
    case 'ended':
      return { ...chat, isEnded: true, isAgentTyping: false, owner: undefined };
    case 'refused':
      return refused(chat, action);
    case 'pong':
      return chat;
    case 'send': {
      const { message } = action;
      const wasLeft = message.opening?.offline ?? chat.wasLeft;
      const hasAddress = chat.hasAddress || message.opening?.email !== undefined;
      return {
        ...chat,
        problem: undefined,
        wasLeft,
        hasAddress,
        outgoing: [...chat.outgoing, message],
      };
    }
    case 'consent':
      return { ...chat, hasConsented: true };
    case 'seen':
      return withMarks(chat, { ...NO_MARKS, seen: action.number });
    case 'resume':
      return { ...fresh(chat), session: action.session, outgoing: action.outgoing };
    case 'anew':
      return fresh(chat);
  }
}

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** Another conversation at the same entry point. */
const fresh = ({ connection, entry, hasConsented }: Chat): Chat => ({
  ...EMPTY_CHAT,
  connection,
  entry,
  hasConsented,
});

function welcomed(chat: Chat, { session, entry, conversation }: FrameOf<'welcome'>): Chat {
  // nothing was written yet, or the old conversation is gone: what was not sent opens a new one
  if (!conversation) {
    const { outgoing } = chat;
    const isSending = outgoing.length > 0;
    const wasLeft = chat.wasLeft && isSending;
    const hasAddress = chat.hasAddress && isSending;
    return { ...fresh(chat), session, entry, outgoing, wasLeft, hasAddress };
  }
  const { lastNumber, owner, ended, marks, offline: wasLeft, hasAddress } = conversation;
  // what is held beyond the last message is of another time
  const messages = chat.lastNumber > lastNumber ? [] : chat.messages;
  const known = {
    ...chat,
    waiting: '',
    session,
    entry,
    messages,
    lastNumber,
    owner,
    wasLeft,
    hasAddress,
  };
  return withMarks({ ...known, hasBegun: true, isEnded: ended !== undefined }, marks);
}

function acknowledged(chat: Chat, { id, number, at }: FrameOf<'ack'>): Chat {
  const sent = chat.outgoing.find((message) => message.id === id);
  return sent ? withMessages(chat, [{ id, number, at, from: 'customer', text: sent.text }]) : chat;
}

/** Adds messages, each once and in the order of the numbers, and takes them off the list of the unacknowledged. */
function withMessages(chat: Chat, added: readonly ChatMessage[]): Chat {
  const known = new Set(chat.messages.map(({ number }) => number));
  const news = added.filter(({ number }) => !known.has(number));
  const own = new Set(added.flatMap(({ from, id }) => (from === 'customer' ? id : [])));
  const messages = [...chat.messages, ...news].toSorted((a, b) => a.number - b.number);
  return {
    ...chat,
    messages,
    lastNumber: Math.max(chat.lastNumber, messages.at(-1)?.number ?? 0),
    outgoing: chat.outgoing.filter(({ id }) => !own.has(id)),
    hasBegun: true,
    isAgentTyping: chat.isAgentTyping && !news.some(({ from }) => from === 'agent'),
    problem: undefined,
  };
}

/** Marks only move forward. */
function withMarks(chat: Chat, { delivered, read, seen }: ChatMarks): Chat {
  const { marks } = chat;
  return {
    ...chat,
    marks: {
      delivered: Math.max(marks.delivered, delivered),
      read: Math.max(marks.read, read),
      seen: Math.max(marks.seen, seen),
    },
  };
}

/** A message that came too early waits and goes again; one that came too late goes back to its writer. */
function refused(chat: Chat, { code, id }: FrameOf<'refused'>): Chat {
  const isEnded = chat.isEnded || code === 'ended';
  const outgoing = chat.outgoing.flatMap((sent): readonly Outgoing[] => {
    if (sent.id !== id || isPassing(code)) return [sent];
    return isReturned(code) ? [] : [{ ...sent, refused: code }];
  });
  return { ...chat, problem: code, isEnded, outgoing };
}

/** Said again later, it may be taken. */
export const isPassing = (code: RefusalCode): boolean =>
  code === 'too-fast' || code === 'try-again';

/** The text is the writer's again, to be sent another way. */
export const isReturned = (code: RefusalCode): boolean => code === 'closed' || code === 'ended';

/** How many messages of the other side the customer has not seen. */
export const unreadOf = ({ messages, marks }: Chat): number =>
  messages.filter(({ from, number }) => from !== 'customer' && number > marks.seen).length;

/** Nobody is there, and nothing has begun: the customer may only leave a message. */
export const isOffline = ({ entry, hasBegun, outgoing }: Chat): boolean =>
  entry !== undefined && entry.availability !== 'open' && !hasBegun && outgoing.length === 0;

/** Nobody took the customer on, and nobody knows where to answer to. */
export const lacksAddress = ({ wasLeft, hasAddress, hasBegun, owner, isEnded }: Chat): boolean =>
  wasLeft && !hasAddress && hasBegun && owner === undefined && !isEnded;

/** There is nothing to read yet, and nothing on its way. */
export const isEmpty = ({ hasBegun, outgoing }: Chat): boolean =>
  !hasBegun && outgoing.length === 0;

/** The part of a session that says which conversation it is for; its end changes when it is renewed. */
export const conversationOf = (session: string | undefined): string => session?.slice(0, 21) ?? '';
