import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { ConversationId } from '#domain/ids.ts';
import type { EntryPointId } from '#domain/ids.ts';
import { MESSAGE_BYTES, fitsMessage } from '#domain/message.ts';
import type { Message } from '#domain/message.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { CLOSE, ClientFrame } from '../contract.ts';
import type { RefusalCode } from '../contract.ts';
import type { Entries } from '../entries.ts';
import type { Metrics } from '../metrics.ts';
import { issueToken, readToken } from '../rules/session-token.ts';
import type { Absences } from './absences.ts';
import type { Announcements } from './announcements.ts';
import { acknowledge } from './deliver.ts';
import type { Deliveries } from './deliver.ts';
import type { Limits } from './limits.ts';
import type { Rooms } from './rooms.ts';
import { encode, send } from './widget-socket.ts';
import type { WidgetSocket } from './widget-socket.ts';

type Frame<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;

/** Messages of one widget that may be on their way to the store. */
const MOST_POSTING = 50;
/** When to say a message again that the store could not take. */
const AGAIN_AFTER: Milliseconds = seconds(2);
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export interface WidgetSessionsParts {
  readonly store: Client<typeof simpleMessagingMediaStore>;
  readonly entries: Entries;
  readonly rooms: Rooms;
  readonly deliveries: Deliveries;
  readonly limits: Limits;
  readonly absences: Absences;
  readonly announcements: Announcements;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Signs session tokens. */
  readonly key: Buffer;
  readonly sessionLifetime: Milliseconds;
}

/** What widgets say, and what becomes of it. */
export class WidgetSessions {
  readonly #parts: WidgetSessionsParts;

  constructor(parts: WidgetSessionsParts) {
    this.#parts = parts;
  }

  /** Takes a text frame in. A frame that is none of the protocol ends the connection. */
  take(socket: WidgetSocket, text: string): void {
    const { limits, clock } = this.#parts;
    socket.heardAt = clock.monotonic();
    const pace = limits.frame(socket);
    if (pace === 'flood') return socket.close(CLOSE.policy, 'too fast');
    const frame = parse(text);
    if (!frame) {
      this.#refuse(socket, 'not-understood', 'This is nothing that the chat understands');
      return socket.close(CLOSE.policy, 'not understood');
    }
    if (pace === 'too-many') return this.#tooFast(socket, seconds(1), idOf(frame));
    if (frame.type === 'ping') return send(socket, PONG);
    if (frame.type === 'hello') {
      return this.#run(socket, this.#hello(socket, frame));
    }
    const { conversation } = socket;
    if (!conversation) return socket.close(CLOSE.policy, 'hello first');
    switch (frame.type) {
      case 'message':
        return this.#run(socket, this.#message(socket, conversation, frame));
      case 'mark':
        return this.#run(socket, this.#mark(socket, conversation, frame));
      case 'typing':
        return this.#run(socket, this.#typing(socket, conversation, frame));
      case 'address':
        return this.#run(socket, this.#address(socket, conversation, frame));
      case 'end':
        return this.#run(socket, this.#end(socket, conversation));
    }
  }

  /** The widget is gone. */
  left(socket: WidgetSocket): void {
    const { conversation, isOpened } = socket;
    if (conversation) {
      const { rooms, absences } = this.#parts;
      rooms.leave(socket, conversation);
      if (isOpened && !rooms.has(conversation)) absences.gone(conversation);
    }
    socket.conversation = undefined;
    socket.hellos++;
  }

  /** Whatever fails unforeseen ends this one connection; the widget comes back and says what was not acknowledged. */
  #run(socket: WidgetSocket, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof CallFailure)) this.#parts.trace.fault('widget.failed', error);
      socket.close(CLOSE.tryAgain, 'try again');
    });
  }

  async #hello(socket: WidgetSocket, frame: Frame<'hello'>): Promise<void> {
    const { entries, clock, key, sessionLifetime, rooms } = this.#parts;
    const { entryPoint, session } = frame;
    if (!entries.isLoaded) return socket.close(CLOSE.tryAgain, 'starting');
    const entry = entries.get(entryPoint);
    this.left(socket);
    if (!entry) {
      return this.#refuse(socket, 'unknown-entry-point', 'This chat is not in use');
    }
    const now = clock.now();
    const known = session ? readToken(key, session, entryPoint, now, sessionLifetime) : undefined;
    const conversation = known?.conversation ?? ConversationId.parse(newId(now));
    socket.entryPoint = entryPoint;
    socket.conversation = conversation;
    socket.isOpened = false;
    socket.posting = undefined;
    socket.held = undefined;
    rooms.join(socket, conversation);
    this.#parts.absences.back(conversation);
    // the same one again while it is young: tabs that share it would take another one for news
    const isYoung = known && now - known.issuedAt < sessionLifetime / 2;
    const token = session && isYoung ? session : issueToken(key, conversation, entryPoint, now);
    if (known && (await this.#resume(socket, conversation, token, frame.since))) return;
    send(socket, encode({ type: 'welcome', session: token, entry }));
  }

  /** @returns False where nothing has been written under that session. */
  async #resume(
    socket: WidgetSocket,
    conversation: ConversationId,
    session: string,
    since: number,
  ): Promise<boolean> {
    const { store, deliveries, entries } = this.#parts;
    const hello = socket.hellos;
    const held: NonNullable<WidgetSocket['held']> = (socket.held = []);
    const read = (from: number) => store.call.read({ conversation, since: from });
    const isOver = (): boolean => socket.hellos !== hello;
    let page = await read(since).catch(unlessUnknown);
    if (isOver()) return true;
    if (!page) {
      socket.held = undefined;
      return false;
    }
    const { position } = page;
    const head = page.conversation;
    // a widget that holds more than there is remembers another time: it gets everything anew
    if (since > head.lastNumber) page = await read(0);
    if (isOver()) return true;
    socket.isOpened = true;
    const entry = entries.get(socket.entryPoint as EntryPointId);
    if (!entry) return true;
    const { name: owner } = deliveries.ownerName(head.owner);
    send(
      socket,
      encode({
        type: 'welcome',
        session,
        entry,
        conversation: {
          ...(owner !== undefined && { owner }),
          ...(head.endedBy && { ended: head.endedBy }),
          marks: deliveries.marks(head.marks),
          lastNumber: head.lastNumber,
          offline: head.offline,
          hasAddress: head.customerAddress !== undefined,
        },
      }),
    );
    for (;;) {
      const last = page.messages.at(-1);
      if (!last) break;
      const messages = page.messages.map((message) => deliveries.chatMessage(message));
      send(socket, encode({ type: 'messages', messages }));
      if (last.number >= head.lastNumber) break;
      page = await read(last.number);
      if (isOver()) return true;
    }
    socket.held = undefined;
    this.#parts.announcements.tell(socket, conversation);
    for (const event of held) if (event.position > position) send(socket, event.frame);
    return true;
  }

  async #message(
    socket: WidgetSocket,
    conversation: ConversationId,
    frame: Frame<'message'>,
  ): Promise<void> {
    const { id, text } = frame;
    if (!fitsMessage(text)) {
      const kilobytes = MESSAGE_BYTES / 1024;
      return this.#refuse(socket, 'too-long', `A message may have at most ${kilobytes} kB`, { id });
    }
    const posting = (socket.posting ??= new Map());
    if (posting.get(id) === 'under-way') return; // its answer is on the way
    const wait = posting.size < MOST_POSTING ? this.#parts.limits.message(socket) : seconds(1);
    if (wait > 0) return this.#tooFast(socket, wait, id);
    if (!socket.isOpened && !this.#mayOpen(socket, frame)) return;
    posting.set(id, 'under-way');
    try {
      const message = await this.#store(socket, conversation, frame);
      if (socket.posting !== posting) return; // it has said hello again: this went with what was before
      if (!socket.isOpened) this.#parts.announcements.refresh();
      socket.isOpened = true;
      if (posting.get(id) === 'under-way') acknowledge(socket, message);
      else posting.delete(id); // its event was quicker
      forgetTold(posting);
    } catch (error) {
      posting.delete(id);
      if (socket.posting === posting) this.#notStored(socket, id, error);
    }
  }

  /** Whether a first message may open a conversation; else says why not. */
  #mayOpen(socket: WidgetSocket, { id, offline, email = '' }: Frame<'message'>): boolean {
    const { entries, limits } = this.#parts;
    if (this.#isOffline(socket) && !(offline && EMAIL.test(email.trim()))) {
      const entry = socket.entryPoint && entries.get(socket.entryPoint);
      if (entry) send(socket, encode({ type: 'entry', entry }));
      const text = 'Nobody is there now: leave an e-mail address to answer to';
      this.#refuse(socket, 'closed', text, { id });
      return false;
    }
    if (socket.posting?.size) return true; // the message before it is opening it
    const wait = limits.opening(socket);
    if (wait > 0) this.#tooFast(socket, wait, id);
    return wait === 0;
  }

  #isOffline({ entryPoint }: WidgetSocket): boolean {
    return entryPoint !== undefined && this.#parts.entries.get(entryPoint)?.availability !== 'open';
  }

  async #store(
    socket: WidgetSocket,
    conversation: ConversationId,
    frame: Frame<'message'>,
  ): Promise<Message> {
    const { store } = this.#parts;
    const { id, text, name = '', email = '', page, language, visitor } = frame;
    if (socket.isOpened) {
      return (await store.call.post({ conversation, id, from: 'customer', text })).message;
    }
    const { message } = await store.call.open({
      conversation,
      entryPoint: socket.entryPoint as EntryPointId,
      channel: 'web-chat',
      customerName: name.trim(),
      customerAddress: email.trim() || undefined,
      offline: this.#isOffline(socket),
      message: { id, text },
      page,
      language,
      visitor,
    });
    return message;
  }

  #notStored(socket: WidgetSocket, id: string, error: unknown): void {
    if (error instanceof Refusal && error.code !== 'busy') {
      const [code, text] = REFUSED[error.code] ?? REFUSED['invalid-params'];
      return this.#refuse(socket, code, text, { id });
    }
    if (!(error instanceof Refusal || error instanceof CallFailure)) throw error;
    const text = 'The message could not be stored yet';
    this.#refuse(socket, 'try-again', text, { id, retryAfter: AGAIN_AFTER });
  }

  async #mark(
    socket: WidgetSocket,
    conversation: ConversationId,
    { delivered, read }: Frame<'mark'>,
  ): Promise<void> {
    if (!socket.isOpened) return;
    await this.#parts.store.call
      .mark({ conversation, party: 'customer', delivered, read })
      .catch(unlessUnknown);
  }

  async #typing(
    socket: WidgetSocket,
    conversation: ConversationId,
    { typing }: Frame<'typing'>,
  ): Promise<void> {
    const { store, limits } = this.#parts;
    if (!socket.isOpened || !limits.typing(socket, typing)) return;
    // of the moment: lost is lost
    await store.call
      .typing({ conversation, party: 'customer', typing }, { timeout: seconds(1) })
      .catch(() => undefined);
  }

  async #address(
    socket: WidgetSocket,
    conversation: ConversationId,
    { email, name = '' }: Frame<'address'>,
  ): Promise<void> {
    if (!socket.isOpened) return;
    const customerAddress = email.trim();
    if (!EMAIL.test(customerAddress)) {
      return this.#refuse(socket, 'no-address', 'That is no e-mail address');
    }
    const wait = this.#parts.limits.message(socket);
    if (wait > 0) return this.#tooFast(socket, wait);
    try {
      const customerName = name.trim();
      await this.#parts.store.call.leaveAddress({ conversation, customerName, customerAddress });
      send(socket, encode({ type: 'address-kept' }));
    } catch (error) {
      if (error instanceof Refusal && error.code !== 'busy') throw error;
      const text = 'The address could not be kept yet';
      this.#refuse(socket, 'try-again', text, { retryAfter: AGAIN_AFTER });
    }
  }

  async #end(socket: WidgetSocket, conversation: ConversationId): Promise<void> {
    if (socket.isOpened) await this.#parts.store.call.end({ conversation });
  }

  #refuse(
    socket: WidgetSocket,
    code: RefusalCode,
    message: string,
    more: { readonly id?: string; readonly retryAfter?: number } = {},
  ): void {
    this.#parts.metrics.refused(code);
    send(socket, encode({ type: 'refused', code, message, ...more }));
  }

  #tooFast(socket: WidgetSocket, wait: Milliseconds, id?: string): void {
    const inSeconds = Math.ceil(wait / 1_000);
    const text = `You are sending too fast: wait ${inSeconds} s`;
    this.#refuse(socket, 'too-fast', text, { retryAfter: wait, ...(id !== undefined && { id }) });
  }
}

/** Of a message that was stored long before no event follows: such must not pile up. */
function forgetTold(posting: Map<string, 'under-way' | 'told'>): void {
  if (posting.size < MOST_POSTING) return;
  for (const [id, state] of posting) if (state === 'told') posting.delete(id);
}

const REFUSED: Readonly<Record<string, readonly [RefusalCode, string]>> & {
  readonly 'invalid-params': readonly [RefusalCode, string];
} = {
  'conversation-ended': ['ended', 'This conversation is over'],
  'unknown-entry-point': ['unknown-entry-point', 'This chat is not in use'],
  'invalid-params': ['not-understood', 'The message could not be taken'],
};

const PONG = encode({ type: 'pong' });

function parse(text: string): ClientFrame | undefined {
  try {
    const frame = ClientFrame.safeParse(JSON.parse(text));
    return frame.success ? frame.data : undefined;
  } catch {
    return undefined; // not JSON
  }
}

const idOf = (frame: ClientFrame): string | undefined =>
  frame.type === 'message' ? frame.id : undefined;

/** Nothing where the conversation is not known; whatever else went wrong goes on. */
function unlessUnknown(error: unknown): undefined {
  if (error instanceof Refusal && error.code === 'unknown-conversation') return undefined;
  throw error;
}
