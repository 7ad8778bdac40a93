import type { Clock, Instant } from '#base/time.ts';
import { hours } from '#base/time.ts';
import { MailFailure } from './mail-failure.ts';
import type { FoundMessage, GoneMessage, MailSource, UnreadableMessage } from './mail-source.ts';

/** So often may a message that is asked for alone break the connection before it is left alone. */
const STRIKES = 2;
/** It is tried again after so long: the server may have been mended. */
const REST = hours(1);
/** No more are remembered; more come from a server that breaks whatever is asked for. */
const MOST = 1_000;

type Found = FoundMessage | GoneMessage | UnreadableMessage;

interface Suspect {
  strikes: number;
  until: Instant;
  failure: MailFailure | undefined;
}

/**
 * Messages of one mailbox that may be what breaks its connections: those that were being fetched when one broke. It
 * outlives the connections, so that one message never keeps all others from being fetched.
 */
export class Suspects {
  readonly #clock: Clock;
  readonly #suspects = new Map<string, Suspect>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The same source, where suspects are fetched last and one by one. One that breaks the connection by itself again and
   * again is told as unreadable and not asked for any more for a while.
   */
  guard(source: MailSource): MailSource {
    return {
      list: (signal, after) => source.list(signal, after),
      fetch: (keys, signal) => this.#fetch(source, keys, signal),
      news: (signal) => source.news(signal),
      settle: (keys, signal) => source.settle(keys, signal),
      [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    };
  }

  async *#fetch(
    source: MailSource,
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<Found, void> {
    const sound = keys.filter((key) => !this.#suspects.has(key));
    if (sound.length > 0) yield* this.#watch(source.fetch(sound, signal));
    const suspected = keys
      .flatMap((key) => {
        const suspect = this.#suspects.get(key);
        return suspect ? [{ key, suspect }] : [];
      })
      .toSorted((a, b) => a.suspect.strikes - b.suspect.strikes);
    for (const { key, suspect } of suspected) {
      if (suspect.strikes >= STRIKES && this.#clock.now() < suspect.until) {
        yield { type: 'unreadable', key, failure: breaksTheConnection(suspect.failure) };
        continue;
      }
      yield* this.#watch(source.fetch([key], signal));
      this.#suspects.delete(key);
    }
  }

  async *#watch(fetching: ReturnType<MailSource['fetch']>): AsyncGenerator<Found, void> {
    try {
      yield* fetching;
    } catch (error) {
      if (error instanceof MailFailure) this.#remember(error);
      throw error;
    }
  }

  #remember(failure: MailFailure): void {
    const { suspects } = failure;
    for (const key of suspects) {
      const suspect = this.#suspects.get(key) ?? { strikes: 0, until: 0, failure: undefined };
      if (suspects.length === 1) {
        suspect.strikes++;
        suspect.until = this.#clock.now() + REST;
        suspect.failure = failure;
      }
      if (this.#suspects.size < MOST) this.#suspects.set(key, suspect);
    }
  }
}

const breaksTheConnection = (cause: unknown): MailFailure =>
  new MailFailure({
    kind: 'temporary',
    reason: 'message-unreadable',
    what: 'The mail server breaks the connection whenever one message is asked for',
    advice: 'The others are fetched all the same; ask who runs the mail server to repair this one.',
    cause,
  });
