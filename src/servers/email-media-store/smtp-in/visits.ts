import type { Clock, Milliseconds } from '#base/time.ts';
import { minutes, seconds } from '#base/time.ts';

/** Whoever has more to hand over comes again. */
const MESSAGES = 100;
/** Nobody stays longer, however busy: a large message over a slow line needs less. */
const LONGEST: Milliseconds = minutes(30);
const LOOK: Milliseconds = seconds(10);
/** Bytes that are no message: a hundred messages with a hundred recipients each need this much. */
const TALK = 4 * 1_024 * 1_024;
/** What TLS, dots and packets add to a message. */
const WRAPPING = 1.1;

export interface Visitor {
  readonly id: string;
  readonly remoteAddress: string;
}

/** What a visit can be watched by. */
export interface Watched {
  /** Bytes that have come over the connection. */
  heard(): number;
  close(): void;
}

interface Visit {
  readonly address: string;
  readonly watched: Watched;
  readonly until: Milliseconds;
  readonly messages: { readonly byteLength: number }[];
}

/** Who is connected: how many from where, for how long, with how many messages and how much talk. */
export class Visits implements Disposable {
  readonly #clock: Clock;
  readonly #ofOne: number;
  readonly #visits = new Map<string, Visit>();
  #look: Disposable;

  constructor({ clock, ofOne }: { readonly clock: Clock; readonly ofOne: number }) {
    this.#clock = clock;
    this.#ofOne = ofOne;
    this.#look = clock.after(LOOK, () => this.#lookAround());
  }

  /** @returns Why the visitor may not come in; nothing where it may. */
  begin({ id, remoteAddress: address }: Visitor, watched: Watched): string | undefined {
    const others = [...this.#visits.values()].filter((visit) => visit.address === address);
    if (others.length >= this.#ofOne) return 'Too many connections from your address';
    const until = this.#clock.monotonic() + LONGEST;
    this.#visits.set(id, { address, watched, until, messages: [] });
    return undefined;
  }

  mayHandOver({ id }: Visitor): boolean {
    const visit = this.#visits.get(id);
    return visit !== undefined && visit.messages.length < MESSAGES;
  }

  /** A message comes; `byteLength` grows with it. */
  handsOver({ id }: Visitor, message: { readonly byteLength: number }): void {
    this.#visits.get(id)?.messages.push(message);
  }

  end({ id }: Visitor): void {
    this.#visits.delete(id);
  }

  [Symbol.dispose](): void {
    this.#look[Symbol.dispose]();
  }

  #lookAround(): void {
    const now = this.#clock.monotonic();
    for (const { until, watched, messages } of this.#visits.values()) {
      const bytes = messages.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (now >= until || watched.heard() - bytes * WRAPPING > TALK) watched.close();
    }
    this.#look = this.#clock.after(LOOK, () => this.#lookAround());
  }
}
