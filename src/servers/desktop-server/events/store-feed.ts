import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import type { Platform } from '#platform/platform.ts';
import { Ring } from './ring.ts';

/** An event of a store's journal and, once somebody needed it, its frame as text. */
export interface KeptEvent<Body> {
  readonly position: number;
  readonly body: Body;
  frame?: string;
}

export interface StoreListener<Body, Sign> {
  event(entry: KeptEvent<Body>): void;
  sign(sign: Sign): void;
}

/** A media store as far as it is followed here. */
export interface FollowedStore<Body, Sign> {
  /** What it is called among the parts of this server's health. */
  readonly part: string;
  position(signal: AbortSignal): Promise<number>;
  events(
    since: number,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly event: { readonly position: number; readonly body: Body } }>;
  /** Signs of the moment, as that somebody is typing. */
  signs(signal: AbortSignal): AsyncIterable<{ readonly event: Sign }>;
}

/** What happens in a store's conversations, kept by following its journal from now on. */
export class StoreFeed<Body, Sign> implements AsyncDisposable {
  /** False until the journal's position is known. */
  isKnown = false;
  readonly #store: FollowedStore<Body, Sign>;
  readonly #platform: Pick<Platform, 'health' | 'clock'>;
  readonly #recent: Ring<KeptEvent<Body>>;
  readonly #listeners = new Set<StoreListener<Body, Sign>>();
  readonly #life = new AbortController();
  #running: Promise<unknown> | undefined;

  constructor(
    store: FollowedStore<Body, Sign>,
    platform: Pick<Platform, 'health' | 'clock'>,
    kept: number,
  ) {
    this.#store = store;
    this.#platform = platform;
    this.#recent = new Ring(kept);
  }

  start(): void {
    const { signal } = this.#life;
    const { health, clock } = this.#platform;
    const failed = (error: unknown): void =>
      health.report(this.#store.part, 'degraded', messageOf(error));
    this.#running ??= Promise.all([
      keepTrying((ends) => this.#follow(ends), { clock, signal, failed }),
      // Signs are of the moment: that they are missing shows by the journal's failing too.
      keepTrying((ends) => this.#followSigns(ends), { clock, signal, failed: () => undefined }),
    ]);
  }

  /** What happened lately. */
  get recent(): Ring<KeptEvent<Body>> {
    return this.#recent;
  }

  listen(listener: StoreListener<Body, Sign>): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const position = await this.#store.position(signal);
    // Behind what we hold it is another journal, from a backup: nobody's cursor counts any more.
    if (!this.isKnown || position < this.#recent.newest) this.#recent.reset(position);
    this.isKnown = true;
    this.#platform.health.report(this.#store.part, 'good');
    for await (const { event } of this.#store.events(this.#recent.newest, signal)) {
      if (event.position <= this.#recent.newest) continue;
      const entry: KeptEvent<Body> = { position: event.position, body: event.body };
      this.#recent.push(entry);
      for (const listener of this.#listeners) listener.event(entry);
    }
  }

  async #followSigns(signal: AbortSignal): Promise<void> {
    for await (const { event } of this.#store.signs(signal)) {
      for (const listener of this.#listeners) listener.sign(event);
    }
  }
}
