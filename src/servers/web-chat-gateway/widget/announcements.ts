import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { seconds, type Clock, type Milliseconds } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { ConversationId } from '#domain/ids.ts';
import { announcementOf } from '#domain/queue/announce.ts';
import type { Centre } from '#domain/work-item/centre.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { mediaDirector } from '#servers/media-director/contract.ts';
import type { Rooms } from './rooms.ts';
import { encode, send, type WidgetSocket } from './widget-socket.ts';

/** However much happens, the director is asked no more often than this. */
const ASKED_EVERY: Milliseconds = seconds(2);
/** Items in one question. */
const AT_ONCE = 1_000;

export interface AnnouncementsParts {
  readonly director: Client<typeof mediaDirector>;
  readonly configuration: Configuration;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Lines may have moved. */
  readonly moved: () => void;
}

/**
 * Tells waiting customers their place and how long it will take, in the words of their queue, and again
 * whenever that has changed. Only those are asked about whose widget is there and whose queue has words.
 */
export class Announcements implements Disposable {
  readonly #parts: AnnouncementsParts;
  /** What each conversation was told last; of those who wait no more, nothing. */
  readonly #told = new Map<ConversationId, string>();
  /** What the director knows; nothing while it has not been heard. */
  #centre: Centre | undefined;
  #timer: Disposable | undefined;
  #isAsking = false;

  constructor(parts: AnnouncementsParts) {
    this.#parts = parts;
  }

  get centre(): Centre | undefined {
    return this.#centre;
  }

  set centre(centre: Centre | undefined) {
    this.#centre = centre;
    this.refresh();
  }

  /** To be called when lines may have moved: soon everybody knows. */
  refresh(): void {
    this.#timer ??= this.#parts.clock.after(ASKED_EVERY, () => {
      this.#timer = undefined;
      this.#parts.moved();
      void this.#tellAll();
    });
  }

  /** A widget has come, or come back. */
  tell(socket: WidgetSocket, conversation: ConversationId): void {
    const text = this.#told.get(conversation);
    if (text) send(socket, encode({ type: 'waiting', text }));
    this.refresh();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  async #tellAll(): Promise<void> {
    if (this.#isAsking) return this.refresh();
    this.#isAsking = true;
    try {
      this.#say(await this.#texts());
    } catch (error) {
      // the director is away, or too busy: what was told may not be true any more
      if (!(error instanceof CallFailure || error instanceof Refusal)) {
        this.#parts.trace.fault('announcements.failed', error);
      }
      this.#say(new Map());
    } finally {
      this.#isAsking = false;
    }
  }

  /** What each waiting customer is to be told now. */
  async #texts(): Promise<Map<ConversationId, string>> {
    const { director, configuration } = this.#parts;
    const waiting = this.#waiting();
    const [organisation] = configuration.all('organisation').values();
    const texts = new Map<ConversationId, string>();
    for (let from = 0; from < waiting.length; from += AT_ONCE) {
      const part = new Map(waiting.slice(from, from + AT_ONCE).map((item) => [item.id, item]));
      const { estimates } = await director.call.estimates({ items: [...part.keys()] });
      for (const { item: id, place, wait } of estimates) {
        const item = part.get(id);
        const words = item && configuration.get('queue', item.queue)?.announcements;
        if (!item || !words) continue;
        const text = announcementOf(words, { place, wait }, organisation?.language ?? 'en');
        if (text) texts.set(item.conversation, text);
      }
    }
    return texts;
  }

  #waiting(): OpenWorkItem[] {
    const { rooms, configuration } = this.#parts;
    const items: Iterable<OpenWorkItem> = this.#centre?.items.values() ?? [];
    return [...items].filter(({ state, channel, offline, queue, conversation }) => {
      if (state !== 'queued' || channel !== 'web-chat' || offline) return false;
      const { place, wait } = configuration.get('queue', queue)?.announcements ?? {};
      return Boolean(place || wait) && rooms.has(conversation);
    });
  }

  #say(texts: ReadonlyMap<ConversationId, string>): void {
    for (const conversation of this.#told.keys()) {
      if (!texts.has(conversation)) this.#tellOne(conversation, '');
    }
    for (const [conversation, text] of texts) this.#tellOne(conversation, text);
  }

  #tellOne(conversation: ConversationId, text: string): void {
    if ((this.#told.get(conversation) ?? '') === text) return;
    if (text) this.#told.set(conversation, text);
    else this.#told.delete(conversation);
    const frame = encode({ type: 'waiting', text });
    this.#parts.rooms.each(conversation, (socket) => send(socket, frame));
  }
}
