import type { StreamItem } from './contract.ts';
import { keepTrying } from './keep-trying.ts';
import type { Clock } from './time.ts';

export interface ReplicaOptions<Event> {
  readonly clock: Clock;
  /** The cursor up to which it must have been followed to count as loaded; asked at each beginning. */
  readonly upTo: (signal: AbortSignal) => Promise<number>;
  /** The events behind `since`. */
  readonly follow: (since: number, signal: AbortSignal) => AsyncIterable<StreamItem<Event, number>>;
  /** Takes an event in. */
  readonly take: (event: Event) => void;
  /** The source answers; and: it failed, and is tried again. */
  readonly up: () => void;
  readonly failed: (error: unknown) => void;
}

/** Keeps a copy of what a stream tells from its beginning: follows it for ever, wherever it broke off. */
export class Replica<Event> implements AsyncDisposable {
  readonly #options: ReplicaOptions<Event>;
  readonly #life = new AbortController();
  readonly #loaded = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  #cursor = 0;

  constructor(options: ReplicaOptions<Event>) {
    this.#options = options;
    const { clock, failed } = options;
    this.#running = keepTrying((signal) => this.#follow(signal), {
      clock,
      signal: this.#life.signal,
      failed,
    });
  }

  /** Resolves once all there was at the beginning has been taken in, or when the signal aborts. */
  async loaded(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([this.#loaded.promise, promise]);
    signal.removeEventListener('abort', stop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { upTo, follow, take, up } = this.#options;
    const end = await upTo(signal);
    up();
    if (this.#cursor > end) this.#cursor = 0; // the source was restored to an earlier time
    if (this.#cursor >= end) this.#loaded.resolve();
    for await (const { event, cursor } of follow(this.#cursor, signal)) {
      take(event);
      this.#cursor = cursor;
      if (cursor >= end) this.#loaded.resolve();
    }
  }
}
