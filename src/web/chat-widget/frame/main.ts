/** The chat in its frame: joins state, socket, memory and view. */
import { newId } from '#base/id.ts';
import type { ClientFrame, ServerFrame } from '#servers/web-chat-gateway/contract.ts';
import type { FromFrame, ToFrame } from '../messages.ts';
import {
  EMPTY_CHAT,
  conversationOf,
  isEmpty,
  isOffline,
  isPassing,
  isReturned,
  nextChat,
  unreadOf,
} from './chat.ts';
import type { ChatAction, Outgoing } from './chat.ts';
import type { Written } from './composer.ts';
import { Connection } from './connection.ts';
import './frame.css';
import { Memory } from './memory.ts';
import { textsFor } from './texts.ts';
import { View } from './view.ts';

type HelloFrame = Extract<ClientFrame, { type: 'hello' }>;

/** How often the agent is told that the customer types. */
const TYPING_EVERY = 3_000;
/** A message without an answer for so long goes out again, under its id. */
const ANSWER_WITHIN = 15_000;

const query = new URLSearchParams(location.search);
const entryPoint = (query.get('entry-point') ?? '') as HelloFrame['entryPoint'];
const language = canonical(query.get('language') ?? '') ?? 'en';
const page = decodeURIComponent(location.hash.slice(1));
const texts = textsFor(language);
const root = document.documentElement;
root.lang = language;
root.dir = query.get('direction') === 'rtl' ? 'rtl' : 'ltr';
root.dataset['theme'] = query.get('theme') ?? '';
document.title = texts.title;

const memory = new Memory(entryPoint);
let chat = EMPTY_CHAT;
let isShown = false;
let toldTyping = 0;
let told = { delivered: 0, read: 0 };

const tellPage = (message: FromFrame): void => parent.postMessage(message, '*'); // no secret in it

function act(action: ChatAction): void {
  const before = chat;
  chat = nextChat(chat, action);
  mark();
  view.render(chat);
  for (const { id } of before.outgoing) {
    if (!chat.outgoing.some((sent) => sent.id === id)) memory.forget(id);
  }
  // kept from the first word on: a tab that only looks begins nothing
  if (!isEmpty(chat) && chat.session) memory.session = chat.session;
  if (isEmpty(before) !== isEmpty(chat))
    tellPage({ emcee: 'conversation', isOpen: !isEmpty(chat) });
  tellPage({ emcee: 'unread', count: isShown ? 0 : unreadOf(chat) });
}

/** Says how far this customer has received, and read: in a tab that is looked at. */
function mark(): void {
  const delivered = chat.messages.at(-1)?.number ?? 0;
  const isSeen = isShown && document.visibilityState === 'visible';
  const read = isSeen ? delivered : chat.marks.seen;
  if (delivered <= told.delivered && read <= told.read) return;
  if (!connection.send({ type: 'mark', delivered, read })) return;
  told = { delivered, read };
  chat = nextChat(chat, { type: 'seen', number: read });
}

function deliver({ id, text, opening, refused }: Outgoing): void {
  if (refused) return;
  const facts = opening ? { ...opening, language, page, visitor: memory.visitor() } : {};
  connection.send({ type: 'message', id, text, ...facts });
}

/** What is not acknowledged goes out again, in its order. The first message opens the conversation. */
function deliverAll(): void {
  for (const [at, message] of chat.outgoing.entries()) {
    deliver(at === 0 && !chat.hasBegun ? { opening: {}, ...message } : message);
  }
}

function send({ text, name, email }: Written): void {
  const opening = {
    ...(name && { name }),
    ...(email && { email }),
    ...(isOffline(chat) && { offline: true }),
  };
  const isFirst = isEmpty(chat);
  const message: Outgoing = { id: newId(), text, at: Date.now(), ...(isFirst && { opening }) };
  // another tab has begun meanwhile: this belongs to the same conversation
  const begun = isFirst ? memory.session : undefined;
  if (begun && conversationOf(begun) !== conversationOf(chat.session)) {
    memory.keep(begun, message);
    return goOn(begun);
  }
  act({ type: 'send', message });
  memory.keep(chat.session, message);
  deliver(message);
  toldTyping = 0;
}

function typing(isTyping: boolean): void {
  if (!chat.hasBegun || (isTyping && Date.now() - toldTyping < TYPING_EVERY)) return;
  toldTyping = isTyping ? Date.now() : 0;
  connection.send({ type: 'typing', typing: isTyping });
}

const view = new View(document.body, texts, localeOf(language), {
  onSend: send,
  onAddress: ({ name, email }) =>
    connection.send({ type: 'address', email, ...(name && { name }) }),
  onTyping: typing,
  onConsent: () => act({ type: 'consent' }),
  onEnd: () => connection.send({ type: 'end' }),
  onAnew() {
    memory.session = undefined;
    act({ type: 'anew' });
    connection.greet();
    view.focus();
  },
  onMinimise: () => tellPage({ emcee: 'minimise' }),
});

const connection = new Connection({
  url: new URL('/chat/socket', location.href.replace(/^http/, 'ws')).href,
  hello: () => ({
    type: 'hello',
    entryPoint,
    since: chat.messages.at(-1)?.number ?? 0,
    ...(chat.session !== undefined && { session: chat.session }),
  }),
  onFrame: take,
  onState: (state) => act({ type: 'connection', state }),
});

function take(frame: ServerFrame): void {
  if (frame.type === 'refused') giveBack(frame);
  if (frame.type === 'welcome') told = { delivered: 0, read: 0 };
  act(frame);
  if (frame.type === 'welcome') deliverAll();
  if (frame.type === 'refused' && isPassing(frame.code)) setTimeout(deliverAll, frame.retryAfter);
}

/** A text that comes too late is the writer's again. */
function giveBack({ code, id }: Extract<ServerFrame, { type: 'refused' }>): void {
  const sent = chat.outgoing.find((message) => message.id === id);
  if (sent && isReturned(code)) view.putBack(sent.text);
}

/** Goes on with the conversation that this browser keeps, or that another of its tabs has begun. */
function goOn(session: string | undefined): void {
  act({ type: 'resume', session, outgoing: memory.outgoing(session) });
  connection.greet();
}

/** The customer has opened or closed the chat, or come back to the tab. */
const look = (): void => act({ type: 'seen', number: 0 });

goOn(memory.session);
memory.onSession((begun) => {
  if (conversationOf(begun) !== conversationOf(chat.session)) goOn(begun);
});
setInterval(() => {
  if (chat.outgoing.some(({ at }) => Date.now() - at > ANSWER_WITHIN)) deliverAll();
}, ANSWER_WITHIN);
addEventListener('message', ({ source, data }: MessageEvent<ToFrame>) => {
  if (source !== parent) return;
  isShown = data.emcee === 'shown';
  if (isShown) view.focus();
  look();
});
document.addEventListener('visibilitychange', look);

/** How the visitor writes times in the chat's language: as their browser says, where it says so. */
function localeOf(spoken: string): string {
  const primary = spoken.slice(0, 2).toLowerCase();
  const theirs = navigator.languages.map(canonical).find((each) => each?.startsWith(primary));
  return theirs ?? spoken;
}

/** A language tag as formats of dates take it; pages and browsers may say anything. */
function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined; // as `en-US@posix`
  }
}
