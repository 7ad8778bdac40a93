import { messageOf } from '#base/failure.ts';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { type Instant, type Milliseconds, seconds } from '#base/time.ts';
import type { Webhook } from '#domain/configuration/documents.ts';
import type { Platform } from '#platform/platform.ts';
import type { CentreFeed } from '../events/centre-feed.ts';
import type { EmailFeed } from '../events/email-feed.ts';
import type { MessagingFeed } from '../events/messaging-feed.ts';
import type { Rooms } from '../rooms.ts';
import { JournalReader } from './journal-reader.ts';
import { Sender } from './sender.ts';
import type { Cursor, WebhookTables } from './tables.ts';

const LOOK_EVERY = seconds(30);

export interface CourierOptions {
  readonly id: string;
  readonly webhook: Webhook;
  readonly revision: number;
  readonly platform: Platform;
  readonly rooms: Rooms;
  readonly tables: WebhookTables;
  readonly centre: CentreFeed;
  readonly messaging: MessagingFeed;
  readonly emails: EmailFeed;
  readonly allowPrivate: boolean;
  readonly giveUpAfter: Milliseconds;
}

/** Serves one webhook, apart from all others: reads the journals for it and sends what it wants. */
export class Courier implements AsyncDisposable {
  readonly #options: CourierOptions;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  #sender: Sender | undefined;
  #waiting = 0;
  #isGivenUp = false;

  constructor(options: CourierOptions) {
    this.#options = options;
    const { clock } = options.platform;
    this.#running = keepTrying((signal) => this.#run(signal), {
      clock,
      signal: this.#life.signal,
      failed: (error) => this.#report('degraded', messageOf(error)),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
    this.#report('good');
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { id, webhook, revision, tables, rooms, centre, messaging, emails } = this.#options;
    const { clock } = this.#options.platform;
    if (!centre.isKnown || !messaging.isKnown || !emails.isKnown) {
      throw new Error('The journals cannot be read yet');
    }
    const newest = {
      work: centre.centre.position,
      messages: messaging.recent.newest,
      emails: emails.recent.newest,
    };
    let state = await tables.open(id, { ...newest, revision });
    if (state.revision !== revision) {
      await tables.revive(id, revision, clock.now());
      state = { ...state, failingSince: undefined, disabledAt: undefined };
    }
    this.#isGivenUp = state.disabledAt !== undefined;
    if (this.#isGivenUp) return this.#rest(signal);
    const from = await this.#present(state, newest);
    this.#waiting = await tables.waiting(id);
    this.#report('good');

    const failed = new AbortController();
    const ends = AbortSignal.any([signal, failed.signal]);
    const reader = new JournalReader({
      webhook: id,
      from,
      wanted: webhook.events,
      rooms,
      tables,
      clock,
      waiting: () => this.#waiting,
      queued: (count) => {
        this.#waiting += count;
        this.#sender?.wake();
      },
    });
    const sender = this.#openSender(state.failingSince, failed);
    this.#sender = sender;
    const stop = (error: unknown): never => {
      failed.abort(error);
      throw error;
    };
    await Promise.allSettled([reader.run(ends).catch(stop), sender.run(ends).catch(stop)]);
    if (this.#isGivenUp) return this.#rest(signal);
    if (!signal.aborted) failed.signal.throwIfAborted();
  }

  /** A cursor of the future is of a journal that a backup replaced: it goes on from the present. */
  async #present(stored: Cursor, known: Cursor): Promise<Cursor> {
    const { id, rooms, tables } = this.#options;
    const isPast =
      stored.work <= known.work &&
      stored.messages <= known.messages &&
      stored.emails <= known.emails;
    if (isPast) return stored;
    const { position: work } = await rooms.director.call.snapshot({});
    const { position: messages } = await rooms.messaging.call.position({});
    const { position: emails } = await rooms.mail.call.position({});
    const from = {
      work: Math.min(stored.work, work),
      messages: Math.min(stored.messages, messages),
      emails: Math.min(stored.emails, emails),
    };
    await tables.setCursor(id, from);
    return from;
  }

  #openSender(failingSince: Instant | undefined, failed: AbortController): Sender {
    const { id, webhook, rooms, tables, platform, allowPrivate, giveUpAfter } = this.#options;
    let since = failingSince;
    return new Sender({
      webhook: id,
      url: webhook.url,
      rooms,
      tables,
      clock: platform.clock,
      allowPrivate,
      giveUpAfter,
      failingSince,
      ended: () => this.#waiting--,
      fared: async (now, why) => {
        if (now === undefined) this.#report('good');
        else this.#report('degraded', `It cannot be delivered to ${webhook.url}: ${why}`);
        if (now === since) return;
        since = now;
        await tables.note(id, now, undefined);
      },
      giveUp: async (why) => {
        const { clock, trace } = platform;
        this.#isGivenUp = true;
        await tables.note(id, since, clock.now());
        trace.warning('webhook.given-up', { webhook: id, why });
        failed.abort();
      },
    });
  }

  /** Given up: nothing is read or sent until somebody changes the webhook or asks for a replay. */
  #rest(signal: AbortSignal): Promise<void> {
    const { webhook, platform } = this.#options;
    this.#report(
      'degraded',
      `Given up: nothing came through to ${webhook.url} for too long; change the webhook or replay it`,
    );
    // Then it is looked again: another desktop server may have been asked for a replay.
    return pause(platform.clock, LOOK_EVERY, signal);
  }

  #report(state: 'good' | 'degraded', detail?: string): void {
    this.#options.platform.health.report(`webhook ${this.#options.id}`, state, detail);
  }
}
