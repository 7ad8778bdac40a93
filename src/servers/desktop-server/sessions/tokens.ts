import { hash } from 'node:crypto';
import { type Clock, type Milliseconds, seconds } from '#base/time.ts';
import type { Rooms } from '../rooms.ts';

/** How long a token's check is believed: so long may a withdrawn token still work. */
const BELIEVED_FOR = seconds(15);
/** Tokens kept; one more and all are asked for anew. */
const MOST_KEPT = 1_000;

/** Which integration a bearer token belongs to, as the configuration server says. */
export class Tokens {
  readonly #rooms: Rooms;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly integration: string; readonly at: Milliseconds }>();

  constructor(rooms: Rooms, clock: Clock) {
    this.#rooms = rooms;
    this.#clock = clock;
  }

  /** @throws {Refusal} `wrong-credentials` for a token that is none. */
  async find(token: string): Promise<string> {
    const key = hash('sha256', token, 'base64');
    const known = this.#known.get(key);
    const now = this.#clock.monotonic();
    if (known && now - known.at < BELIEVED_FOR) return known.integration;
    const { integration } = await this.#rooms.configuration.call.checkToken({ token });
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#known.set(key, { integration, at: now });
    return integration;
  }

  /** Believes nothing any more: a token was renewed. */
  forget(): void {
    this.#known.clear();
  }
}
