import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import type { Platform } from '#platform/platform.ts';
import type { MessagingEvent, Typing } from '#servers/simple-messaging-media-store/contract.ts';
import type { Rooms } from '../rooms.ts';
import { Ring } from './ring.ts';

/** An event of the messaging store and, once somebody needed it, its frame as text. */
export interface KeptMessage {
  readonly position: number;
  readonly body: MessagingEvent;
  frame?: string;
}

export interface MessagingListener {
  message(entry: KeptMessage): void;
  typing(sign: Typing): void;
}

/** What happens in conversations, kept by following the messaging store's journal from now on. */
export class MessagingFeed implements AsyncDisposable {
  /** False until the journal's position is known. */
  isKnown = false;
  readonly #rooms: Rooms;
  readonly #platform: Pick<Platform, 'health' | 'clock'>;
  readonly #ring: Ring<KeptMessage>;
  readonly #listeners = new Set<MessagingListener>();
  readonly #life = new AbortController();
  #running: Promise<unknown> | undefined;

  constructor(rooms: Rooms, platform: Pick<Platform, 'health' | 'clock'>, kept: number) {
    this.#rooms = rooms;
    this.#platform = platform;
    this.#ring = new Ring(kept);
  }

  start(): void {
    const { signal } = this.#life;
    const { health, clock } = this.#platform;
    const failed = (error: unknown): void =>
      health.report('messaging', 'degraded', messageOf(error));
    this.#running ??= Promise.all([
      keepTrying((ends) => this.#follow(ends), { clock, signal, failed }),
      // Signs of typing are of the moment: that they are missing shows by the journal's failing too.
      keepTrying((ends) => this.#followTyping(ends), { clock, signal, failed: () => undefined }),
    ]);
  }

  /** What happened lately. */
  get messages(): Ring<KeptMessage> {
    return this.#ring;
  }

  listen(listener: MessagingListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { call, follow } = this.#rooms.messaging;
    const { position } = await call.position({}, { signal });
    // Behind what we hold it is another journal, from a backup: nobody's cursor counts any more.
    if (!this.isKnown || position < this.#ring.newest) this.#ring.reset(position);
    this.isKnown = true;
    this.#platform.health.report('messaging', 'good');
    for await (const { event } of follow.events({ since: this.#ring.newest, signal })) {
      if (event.position <= this.#ring.newest) continue;
      const entry: KeptMessage = { position: event.position, body: event.body };
      this.#ring.push(entry);
      for (const listener of this.#listeners) listener.message(entry);
    }
  }

  async #followTyping(signal: AbortSignal): Promise<void> {
    for await (const { event } of this.#rooms.messaging.follow.typing({ signal })) {
      for (const listener of this.#listeners) listener.typing(event);
    }
  }
}
