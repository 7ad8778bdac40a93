/**
 * The centre as this browser sees it: the same fold over the same events as on the server, kept up
 * to date by the event socket. Screens read it through `useLive`.
 */
import { Configuration } from '#domain/configuration/configuration.ts';
import { DOCUMENTS, type DocumentKind } from '#domain/configuration/documents.ts';
import type { ConversationId, WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { ServerFrame, type EventCursor, type Topic } from '#servers/desktop-server/api/events.ts';
import type { Summary } from '#servers/desktop-server/api/work.ts';
import { API_BASE } from '#servers/desktop-server/contract.ts';
import { EventSocket, type ConnectionState } from '../event-socket.ts';
import { learnServerTime } from '../time.ts';
import { server } from './server.ts';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;
/** What happens in one conversation. `missed`: events may be missing, read it again. */
export type ConversationFrame =
  | FrameOf<'message' | 'marked' | 'conversation-ended' | 'note' | 'typing' | 'email' | 'writing'>
  | { readonly type: 'missed' };

/** What everybody signed in may read; programs and webhooks are the administrators' own business. */
const KINDS = (Object.keys(DOCUMENTS) as DocumentKind[]).filter(
  (kind) => kind !== 'integration' && kind !== 'webhook',
);

/** What comes within so many milliseconds is drawn at once. */
const A_FRAME = 16;

/** Kept up to date by the event socket until it is disposed. */
export class Live implements Disposable {
  readonly configuration = new Configuration();
  readonly summaries = new Map<WorkItemId, Summary>();
  centre = new Centre();
  connection: ConnectionState = 'connecting';
  /** False until the first snapshot is in. */
  isKnown = false;
  /** Rises with the server's live figures. */
  boardVersion = 0;
  /** Rises with every change; what `useSyncExternalStore` compares. */
  version = 0;

  readonly #listeners = new Set<() => void>();
  readonly #conversations = new Map<ConversationId, Set<(frame: ConversationFrame) => void>>();
  readonly #watched = new Map<ConversationId, number>();
  readonly #topics: readonly Topic[];
  readonly #socket: EventSocket<unknown>;
  #cursor: EventCursor | undefined;
  #announce: ReturnType<typeof setTimeout> | undefined;

  constructor(topics: readonly Topic[]) {
    this.#topics = topics;
    this.#socket = new EventSocket({
      path: `${API_BASE}/events`,
      hello: () => ({ type: 'follow', topics: this.#topics, cursor: this.#cursor }),
      onFrame: (frame) => this.#take(frame),
      onState: (state) => {
        this.connection = state;
        if (state === 'open') this.#sendWatched();
        this.#changed();
      },
    });
    void this.#loadConfiguration();
  }

  /** Calls `listener` after each change, at most once a frame. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Hears what happens in one conversation, until the returned function is called. */
  onConversation(id: ConversationId, listener: (frame: ConversationFrame) => void): () => void {
    const listeners = this.#conversations.get(id) ?? new Set();
    this.#conversations.set(id, listeners.add(listener));
    this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
    this.#sendWatched();
    return () => {
      listeners.delete(listener);
      const left = (this.#watched.get(id) ?? 1) - 1;
      if (left > 0) this.#watched.set(id, left);
      else this.#watched.delete(id);
    };
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
    clearTimeout(this.#announce);
  }

  /** Documents of every kind, anew: at the start, and when some may have been missed. */
  async #loadConfiguration(): Promise<void> {
    const lists = await Promise.allSettled(
      KINDS.map((kind) => server.listDocuments({ params: { kind }, query: { retired: 'true' } })),
    );
    for (const list of lists) {
      if (list.status === 'fulfilled') {
        for (const document of list.value.documents) this.configuration.apply(document);
      }
    }
    this.#changed();
  }

  #sendWatched(): void {
    if (this.#watched.size > 0) {
      this.#socket.send({ type: 'watch', conversations: [...this.#watched.keys()] });
    }
  }

  #take(raw: unknown): void {
    const parsed = ServerFrame.safeParse(raw);
    if (!parsed.success) return; // a newer server's frame: what we need of it comes with a reload
    const frame = parsed.data;
    switch (frame.type) {
      case 'snapshot':
        this.#startAnew(frame);
        break;
      case 'work':
        this.centre.apply(frame.record);
        this.#cursor = { messages: 0, ...this.#cursor, work: frame.record.position };
        break;
      case 'item':
        this.centre.items.set(frame.item.id, frame.item);
        if (frame.summary) this.summaries.set(frame.item.id, frame.summary);
        break;
      case 'unseen':
        this.centre.items.delete(frame.item);
        this.summaries.delete(frame.item);
        break;
      case 'summary':
        this.summaries.set(frame.summary.item, frame.summary);
        break;
      case 'message':
      case 'marked':
      case 'conversation-ended':
      case 'note':
        // What comes late of a conversation that is new to us is older than what we have of others.
        this.#cursor = {
          work: 0,
          ...this.#cursor,
          messages: Math.max(frame.position, this.#cursor?.messages ?? 0),
        };
        this.#tellConversation(
          frame.type === 'message' ? frame.message.conversation : frame.conversation,
          frame,
        );
        break;
      case 'email':
        this.#cursor = {
          work: 0,
          messages: 0,
          ...this.#cursor,
          emails: Math.max(frame.position, this.#cursor?.emails ?? 0),
        };
        if ('conversation' in frame.fact) this.#tellConversation(frame.fact.conversation, frame);
        break;
      case 'typing':
      case 'writing':
        this.#tellConversation(frame.conversation, frame);
        break;
      case 'configuration':
        this.configuration.apply(frame.document);
        break;
      case 'board':
        this.boardVersion = frame.version;
        break;
      case 'caught-up':
        learnServerTime(frame.serverTime);
        this.#cursor = frame.cursor;
        if (frame.items && !this.#looksLike(frame.items)) this.#followAnew();
        break;
      case 'refused':
        if (frame.code === 'not-signed-in') location.reload();
        break;
    }
    this.#changed();
  }

  #startAnew(frame: FrameOf<'snapshot'>): void {
    const isFirst = !this.isKnown;
    this.centre = Centre.of(frame.centre);
    this.summaries.clear();
    for (const summary of frame.summaries) this.summaries.set(summary.item, summary);
    this.#cursor = frame.cursor;
    this.isKnown = true;
    if (!isFirst) {
      void this.#loadConfiguration();
      for (const listeners of this.#conversations.values()) {
        for (const listener of listeners) listener({ type: 'missed' });
      }
    }
  }

  /** S02: the client's list equals the server's, or the client starts anew. */
  #looksLike(items: readonly string[]): boolean {
    const ours = new Set([...this.centre.items.values()].map((item) => `${item.id}:${item.state}`));
    return items.length === ours.size && items.every((item) => ours.has(item));
  }

  #followAnew(): void {
    this.#cursor = undefined;
    this.#socket.restart();
  }

  #tellConversation(id: ConversationId, frame: ConversationFrame): void {
    for (const listener of this.#conversations.get(id) ?? []) listener(frame);
  }

  #changed(): void {
    this.version++;
    // Not by animation frames: a page in the background has none, and an agent is told of offers there too.
    this.#announce ??= setTimeout(() => {
      this.#announce = undefined;
      for (const listener of this.#listeners) listener();
    }, A_FRAME);
  }
}
