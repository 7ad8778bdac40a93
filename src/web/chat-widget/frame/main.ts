/** The chat in its frame: joins state, socket, memory and view. */
import { newId } from '#base/id.ts';
import type { FromFrame, ToFrame } from '../messages.ts';
import { EMPTY_CHAT, nextChat, unreadOf, type ChatAction, type Outgoing } from './chat.ts';
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
const texts = textsFor(language);
document.documentElement.lang = language;
document.documentElement.dir = query.get('direction') === 'rtl' ? 'rtl' : 'ltr';
document.title = texts.title;

const memory = new Memory(entryPoint);
let chat = EMPTY_CHAT;
let isShown = false;
let toldTyping = 0;
let toldDelivered = 0;

const tellPage = (message: FromFrame): void => parent.postMessage(message, '*'); // no secret in it

function act(action: ChatAction): void {
  const before = chat;
  chat = nextChat(chat, action);
  view.render(chat);
  if (chat.session !== before.session || chat.outgoing !== before.outgoing) {
    memory.keep(chat.session, chat.outgoing);
  }
  if (chat.session !== before.session) {
    tellPage({ emcee: 'conversation', isOpen: chat.session !== undefined });
  }
  mark();
  tellPage({ emcee: 'unread', count: isShown ? 0 : unreadOf(chat) });
}

/** Says how far this customer has received and read. What is lost is said again with the next message. */
function mark(): void {
  const last = chat.messages.at(-1)?.number ?? 0;
  const isRead = isShown && document.visibilityState === 'visible';
  if (last === 0 || (last <= toldDelivered && (!isRead || last <= chat.seen))) return;
  if (!connection.send({ type: 'mark', delivered: last, ...(isRead ? { read: last } : {}) }))
    return;
  toldDelivered = last;
  if (isRead) chat = { ...chat, seen: last };
}

function deliver({ id, text, opening, refused }: Outgoing): void {
  if (refused) return;
  connection.send(opening ? { type: 'open', id, text, ...opening } : { type: 'post', id, text });
}

/** After each welcome: what was not confirmed goes again; into a conversation that is there, as a post. */
function deliverAll(): void {
  const [first, ...rest] = chat.outgoing;
  if (!first) return;
  if (chat.session !== undefined) {
    for (const { id, text, refused } of chat.outgoing)
      deliver({ id, text, ...(refused ? { refused } : {}) });
  } else {
    deliver({ ...first, opening: first.opening ?? {} }); // the rest follow once it has opened
    if (rest.length > 0) waitsForOpening = true;
  }
}
let waitsForOpening = false;

const view = new View(document.body, texts, {
  onSend(text, name, address) {
    const isFirst = chat.session === undefined && chat.outgoing.length === 0;
    const message: Outgoing = {
      id: newId(),
      text,
      ...(isFirst
        ? { opening: { ...(name ? { name } : {}), ...(address ? { address } : {}) } }
        : {}),
    };
    act({ type: 'send', message });
    if (isFirst || chat.session !== undefined) deliver(message);
    else waitsForOpening = true;
    toldTyping = 0;
  },
  onTyping(typing) {
    if (chat.session === undefined || (typing && Date.now() - toldTyping < TYPING_EVERY)) return;
    toldTyping = typing ? Date.now() : 0;
    connection.send({ type: 'typing', typing });
  },
  onConsent: () => act({ type: 'consent' }),
  onEnd: () => connection.send({ type: 'end' }),
  onAnew() {
    toldDelivered = 0;
    act({ type: 'anew' });
    memory.keep(undefined, []);
    connection.restart();
  },
  onMinimise: () => tellPage({ emcee: 'minimise' }),
});

const kept = memory.read();
chat = nextChat(chat, { type: 'restored', session: kept.session, outgoing: kept.outgoing });
view.render(chat);

const connection = new Connection({
  url: new URL('/chat/socket', location.href.replace(/^http/, 'ws')).href,
  hello: () => ({
    type: 'hello',
    entryPoint: entryPoint as never,
    ...(chat.session === undefined ? {} : { session: chat.session }),
    since: chat.messages.at(-1)?.number ?? 0,
    language,
    page: decodeURIComponent(location.hash.slice(1)),
  }),
  onFrame(frame) {
    act(frame);
    if (frame.type === 'welcome') {
      toldDelivered = 0;
      deliverAll();
    } else if (frame.type === 'opened' && waitsForOpening) {
      waitsForOpening = false;
      deliverAll();
    } else if (frame.type === 'refused' && frame.retryAfter !== undefined) {
      setTimeout(deliverAll, frame.retryAfter);
    }
  },
  onState: (state) => act({ type: 'connection', state }),
});

// One conversation in all tabs: what another tab opens is joined, what it ends for good is left.
memory.onSession((session) => {
  if (session === chat.session) return;
  act(session === undefined ? { type: 'anew' } : { type: 'joined', session });
  connection.restart();
});
addEventListener('message', ({ source, data }: MessageEvent<ToFrame>) => {
  if (source !== parent) return;
  isShown = data.emcee === 'shown';
  if (isShown) view.focus();
  mark();
  tellPage({ emcee: 'unread', count: isShown ? 0 : unreadOf(chat) });
});
document.addEventListener('visibilitychange', mark);
