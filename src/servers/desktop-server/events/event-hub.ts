import type { Clock } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { AgentId, ConversationId } from '#domain/ids.ts';
import type { Writing } from '#servers/email-media-store/contract.ts';
import type { Typing } from '#servers/simple-messaging-media-store/contract.ts';
import type { ClientFrame, EventCursor, ServerFrame } from '../api/events.ts';
import { conversationOf } from '../rules/summary.ts';
import { type Viewer, isSameViewer, isTheirs, mayRead, maySee } from '../rules/visibility.ts';
import type { KeptStep } from './centre-feed.ts';
import type { EventClient } from './event-client.ts';
import type { KeptEmailFact } from './email-feed.ts';
import type { KeptMessage } from './messaging-feed.ts';
import {
  type Sources,
  bringUpToDate,
  caughtUp,
  emailConversationOf,
  hears,
  itemFrame,
  tellEmail,
  tellLately,
  tellMessage,
  tellStep,
} from './replay.ts';

/** How often every client is told where it stands; a client that hears nothing for twice that calls again. */
const BEAT_EVERY = seconds(10);
/** Clients have their beats one after the other: all at once would hold up whatever somebody waits for. */
const BEATS_BETWEEN = seconds(0.1);
const TURNS = BEAT_EVERY / BEATS_BETWEEN;
/** Kinds of documents that decide who may see what. */
const DECIDES_SIGHT: ReadonlySet<string> = new Set(['agent', 'queue', 'integration']);
/** Documents that only administrators see: addresses of other programs are in them. */
const FOR_ADMINISTRATORS: ReadonlySet<string> = new Set(['integration', 'webhook']);

export interface EventHubOptions {
  readonly sources: Sources;
  readonly clock: Clock;
  /** Somebody began to follow live figures, or the last one ended. */
  readonly boardWanted: (wanted: boolean) => void;
  /** Who may see what may have changed: ask anew for each client. */
  readonly sightChanged: () => void;
}

/** Everybody who follows events. All that is told stands in the order in which it happened. */
export class EventHub implements Disposable {
  readonly clients = new Set<EventClient>();
  /** In which turn of the beat each is told where it stands. */
  readonly #turns = new Map<EventClient, number>();
  readonly #sources: Sources;
  readonly #options: EventHubOptions;
  readonly #stops = new DisposableStack();
  readonly #waiting = new Map<EventClient, EventCursor | undefined>();
  #came = 0;
  /** How many turns there have been. */
  #turn = 0;
  #beating: Disposable;
  /** The position at which who may see what last changed: a client from before that starts anew. */
  #seenSince = -1;
  #boardVersion = 0;

  constructor(options: EventHubOptions) {
    const { sources } = options;
    this.#sources = sources;
    this.#options = options;
    this.#stops.use(
      sources.centre.listen({ step: (step) => this.#step(step), reset: () => this.#reset() }),
    );
    this.#stops.use(
      sources.messaging.listen({
        event: (entry) => this.#message(entry),
        sign: (sign) => this.#typing(sign),
      }),
    );
    this.#stops.use(
      sources.emails.listen({
        event: (entry) => this.#email(entry),
        sign: (sign) => this.#writing(sign),
      }),
    );
    this.#stops.use(sources.configuration.onChange((document) => this.#document(document)));
    this.#beating = this.#beatLater();
  }

  add(client: EventClient): void {
    this.clients.add(client);
    this.#turns.set(client, this.#came++ % TURNS);
  }

  remove(client: EventClient): void {
    this.clients.delete(client);
    this.#turns.delete(client);
    this.#waiting.delete(client);
    if (client.topics.has('board')) this.#askForBoard();
  }

  /** The agents of whom a browser or program is here. */
  agents(): Set<AgentId> {
    return new Set([...this.clients].flatMap(({ viewer }) => viewer.agent ?? []));
  }

  /** Takes what a client says. */
  hear(client: EventClient, frame: ClientFrame): void {
    if (frame.type === 'watch') return this.#watch(client, frame.conversations);
    const topics = new Set(frame.topics);
    if (topics.has('board') && !client.viewer.seesAll) {
      topics.delete('board');
      client.refuse('forbidden', 'Live figures are for supervisors');
    }
    client.topics = topics;
    this.#askForBoard();
    if (this.#sources.centre.isKnown) this.#bringUpToDate(client, frame.cursor);
    else this.#waiting.set(client, frame.cursor); // the media director has not answered yet
  }

  /** What a client may see has changed: shows what came into its sight and takes away what left it. */
  changeViewer(client: EventClient, viewer: Viewer): void {
    const before = client.viewer;
    if (isSameViewer(before, viewer)) return;
    client.viewer = viewer;
    if (!client.topics.has('work')) return;
    for (const item of this.#sources.centre.centre.items.values()) {
      const sees = maySee(viewer, item);
      if (sees === maySee(before, item)) continue;
      client.send(
        sees
          ? itemFrame(item, this.#sources.digests.summaryOf(item))
          : { type: 'unseen', item: item.id },
      );
    }
  }

  /** Some summaries changed. */
  tellSummaries(conversations: ReadonlySet<ConversationId>): void {
    for (const conversation of conversations) {
      const item = this.#sources.centre.itemOf(conversation);
      const summary = item && this.#sources.digests.summaryOf(item);
      if (!summary) continue;
      this.#tell('work', { type: 'summary', summary }, ({ viewer }) => maySee(viewer, item));
    }
  }

  /** The live figures changed. */
  tellBoard(version: number): void {
    if (version === this.#boardVersion) return;
    this.#boardVersion = version;
    this.#tell('board', { type: 'board', version }, () => true);
  }

  [Symbol.dispose](): void {
    this.#beating[Symbol.dispose]();
    this.#stops.dispose();
  }

  #bringUpToDate(client: EventClient, cursor: EventCursor | undefined): void {
    bringUpToDate(client, cursor, this.#seenSince, this.#sources);
    client.send(caughtUp(client, this.#options.clock.now(), 0, this.#sources));
  }

  #reset(): void {
    this.#seenSince = -1;
    for (const client of this.clients) {
      if (client.topics.size === 0) continue;
      const cursor = this.#waiting.get(client);
      this.#bringUpToDate(client, cursor);
    }
    this.#waiting.clear();
  }

  #step(step: KeptStep): void {
    const { before, after } = step;
    for (const client of this.clients) {
      if (client.topics.has('work')) tellStep(client, step, this.#sources);
      const gains =
        after !== undefined &&
        isTheirs(client.viewer, after) &&
        !(before && isTheirs(client.viewer, before));
      if (gains && client.topics.has('messages')) {
        const { conversation } = after;
        // The stores' journal may have been ahead of the director's: what it told meanwhile is told now.
        tellLately(client, (about) => about === conversation, this.#sources);
      }
    }
  }

  #message(entry: KeptMessage): void {
    const conversation = conversationOf(entry.body);
    for (const client of this.clients) {
      if (client.topics.has('messages') && hears(client, conversation, this.#sources)) {
        tellMessage(client, entry);
      }
    }
  }

  #email(entry: KeptEmailFact): void {
    const conversation = emailConversationOf(entry);
    if (!conversation) return;
    for (const client of this.clients) {
      if (client.topics.has('messages') && hears(client, conversation, this.#sources)) {
        tellEmail(client, entry);
      }
    }
  }

  /** Whoever may answer must know that somebody else does, also before it is theirs. */
  #writing({ conversation, writers }: Writing): void {
    const item = this.#sources.centre.itemOf(conversation);
    this.#tell('messages', { type: 'writing', conversation, writers }, (client) =>
      item ? maySee(client.viewer, item) : client.watched.has(conversation),
    );
  }

  #typing({ conversation, party, agent, typing }: Typing): void {
    const item = this.#sources.centre.itemOf(conversation);
    this.#tell('messages', { type: 'typing', conversation, party, typing }, (client) => {
      if (agent !== undefined && agent === client.viewer.agent) return false;
      if (item?.agent !== undefined && item.agent === client.viewer.agent) return true;
      return client.watched.has(conversation) && mayRead(client.viewer, item);
    });
  }

  #document(document: StoredDocument): void {
    if (DECIDES_SIGHT.has(document.kind)) {
      this.#seenSince = this.#sources.centre.centre.position;
      this.#options.sightChanged();
    }
    if (FOR_ADMINISTRATORS.has(document.kind)) return;
    this.#tell('configuration', { type: 'configuration', document }, () => true);
  }

  #watch(client: EventClient, conversations: readonly ConversationId[]): void {
    const { centre } = this.#sources;
    const allowed = conversations.filter((id) => mayRead(client.viewer, centre.itemOf(id)));
    if (allowed.length < conversations.length) {
      client.refuse('forbidden', 'Some of these conversations are with agents of other queues');
    }
    const before = client.watched;
    client.watched = new Set(allowed);
    const added = client.watched.difference(before);
    if (added.size === 0) return;
    tellLately(client, (about) => added.has(about), this.#sources);
  }

  /** Makes a frame into text once, for all who get it. */
  #tell(
    topic: 'work' | 'messages' | 'configuration' | 'board',
    frame: ServerFrame,
    concerns: (client: EventClient) => boolean,
  ): void {
    let text: string | undefined;
    for (const client of this.clients) {
      if (!client.topics.has(topic) || !concerns(client)) continue;
      client.sendText((text ??= JSON.stringify(frame)));
    }
  }

  #askForBoard(): void {
    this.#options.boardWanted([...this.clients].some(({ topics }) => topics.has('board')));
  }

  #beatLater(): Disposable {
    return this.#options.clock.after(BEATS_BETWEEN, () => {
      this.#turn++;
      const now = this.#options.clock.now();
      for (const [client, turn] of this.#turns) {
        if (turn !== this.#turn % TURNS) continue;
        if (client.topics.size === 0 || this.#waiting.has(client)) continue;
        const beat = Math.floor(this.#turn / TURNS);
        client.send(caughtUp(client, now, beat, this.#sources));
      }
      this.#beating = this.#beatLater();
    });
  }
}
