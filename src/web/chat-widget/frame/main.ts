/** The chat in its frame: joins state, socket, memory and view. */
import { newId } from '#base/id.ts';
import type { FromFrame, ToFrame } from '../messages.ts';
import {
  EMPTY_CHAT,
  isOffline,
  nextChat,
  unreadOf,
  type ChatAction,
  type Outgoing,
} from './chat.ts';
import { Connection } from './connection.ts';
import './frame.css';
import { Memory } from './memory.ts';
import { textsFor } from './texts.ts';
import { View } from './view.ts';

/** How often the agent is told that the customer types. */
const TYPING_EVERY = 3_000;

const query = new URLSearchParams(location.search);
const entryPoint = query.get('entry-point') ?? '';
const language = query.get('language') ?? 'en';
const page = decodeURIComponent(location.hash.slice(1));
const texts = textsFor(language);
document.documentElement.lang = language;
document.documentElement.dir = query.get('direction') === 'rtl' ? 'rtl' : 'ltr';
document.title = texts.title;

const memory = new Memory(entryPoint);
let chat = EMPTY_CHAT;
let isShown = false;
let toldTyping = 0;
let toldMark = { delivered: 0, read: 0 };

const tellPage = (message: FromFrame): void => parent.postMessage(message, '*'); // no secret in it

function act(action: ChatAction): void {
  const before = chat;
  chat = nextChat(chat, action);
  mark();
  view.render(chat);
  const { session, outgoing, seen, hasBegun } = chat;
  if (session !== before.session || outgoing !== before.outgoing || seen !== before.seen) {
    memory.keep({ outgoing, seen, ...(session === undefined ? {} : { session }) });
  }
  if (hasBegun !== before.hasBegun) tellPage({ emcee: 'conversation', isOpen: hasBegun });
  tellPage({ emcee: 'unread', count: isShown ? 0 : unreadOf(chat) });
}

/** Says how far this customer has received and read. */
function mark(): void {
  const delivered = chat.messages.at(-1)?.number ?? 0;
  const isSeen = isShown && document.visibilityState === 'visible';
  const read = isSeen ? delivered : chat.seen;
  if (delivered <= toldMark.delivered && read <= toldMark.read) return;
  if (!connection.send({ type: 'mark', delivered, read })) return;
  toldMark = { delivered, read };
  chat = nextChat(chat, { type: 'seen', number: read });
}

function deliver({ id, text, opening, refused }: Outgoing): void {
  if (refused !== undefined) return;
  connection.send({
    type: 'message',
    id,
    text,
    ...opening,
    ...(opening ? { language, page, visitor: memory.visitor() } : {}),
  });
}

/** What was not confirmed goes again. The first message opens the conversation; the gateway keeps their order. */
function deliverAll(): void {
  for (const [at, message] of chat.outgoing.entries()) {
    const opens = at === 0 && !chat.hasBegun;
    deliver(opens ? { ...message, opening: message.opening ?? {} } : message);
  }
}

const view = new View(document.body, texts, {
  onSend(text, name, email) {
    const opens = !chat.hasBegun && chat.outgoing.length === 0;
    const opening = {
      ...(name ? { name } : {}),
      ...(email ? { email } : {}),
      ...(isOffline(chat) ? { offline: true } : {}),
    };
    const message: Outgoing = { id: newId(), text, ...(opens ? { opening } : {}) };
    act({ type: 'send', message });
    deliver(message);
    toldTyping = 0;
  },
  onTyping(typing) {
    if (!chat.hasBegun || (typing && Date.now() - toldTyping < TYPING_EVERY)) return;
    toldTyping = typing ? Date.now() : 0;
    connection.send({ type: 'typing', typing });
  },
  onConsent: () => act({ type: 'consent' }),
  onEnd: () => connection.send({ type: 'end' }),
  onAnew: () => hello({ type: 'anew' }),
  onMinimise: () => tellPage({ emcee: 'minimise' }),
});

const connection = new Connection({
  url: new URL('/chat/socket', location.href.replace(/^http/, 'ws')).href,
  hello: () => ({
    type: 'hello',
    entryPoint: entryPoint as never,
    ...(chat.session === undefined ? {} : { session: chat.session }),
    since: chat.messages.at(-1)?.number ?? 0,
  }),
  onFrame(frame) {
    if (frame.type === 'welcome') toldMark = { delivered: 0, read: 0 };
    act(frame);
    if (frame.type === 'welcome') deliverAll();
    if (frame.type === 'refused' && frame.retryAfter !== undefined) {
      setTimeout(deliverAll, frame.retryAfter);
    }
  },
  onState: (state) => act({ type: 'connection', state }),
});

/** Becomes another conversation: a new one, or the one that another tab of this browser has begun. */
function hello(action: ChatAction): void {
  act(action);
  connection.greet();
}

act({ type: 'restored', session: undefined, ...memory.read() });
memory.onChange((kept) => {
  if (kept.session !== chat.session) hello({ type: 'restored', session: undefined, ...kept });
});
addEventListener('message', ({ source, data }: MessageEvent<ToFrame>) => {
  if (source !== parent) return;
  isShown = data.emcee === 'shown';
  if (isShown) view.focus();
  act({ type: 'seen', number: 0 });
});
document.addEventListener('visibilitychange', () => act({ type: 'seen', number: 0 }));
