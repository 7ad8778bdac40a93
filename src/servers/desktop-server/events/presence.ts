import { seconds } from '#base/time.ts';
import type { Platform } from '#platform/platform.ts';
import type { Rooms } from '../rooms.ts';
import type { EventHub } from './event-hub.ts';

/** As the media director wants to hear it. */
const SAY_EVERY = seconds(5);
/** As many as one message may name. */
const MOST_AT_ONCE = 10_000;

/** Tells the director every few seconds which agents have a browser or program here; who is not named has vanished. */
export class Presence implements AsyncDisposable {
  readonly #platform: Platform;
  readonly #rooms: Rooms;
  readonly #hub: EventHub;
  #timer: Disposable;
  #saying: Promise<unknown> = Promise.resolve();

  constructor(platform: Platform, rooms: Rooms, hub: EventHub) {
    this.#platform = platform;
    this.#rooms = rooms;
    this.#hub = hub;
    this.#timer = this.#sayLater();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    await this.#saying;
  }

  #sayLater(): Disposable {
    return this.#platform.clock.after(SAY_EVERY, () => {
      this.#timer = this.#sayLater();
      const agents = [...this.#hub.agents()].slice(0, MOST_AT_ONCE);
      if (agents.length === 0) return;
      this.#saying = this.#rooms.director.call
        .present({ agents }, { timeout: SAY_EVERY })
        .catch((error: unknown) => this.#platform.trace.warning('presence.not-said', {}, error));
    });
  }
}
