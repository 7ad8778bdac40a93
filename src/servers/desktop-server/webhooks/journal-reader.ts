import { newId } from '#base/id.ts';
import { pause } from '#base/keep-trying.ts';
import { type Clock, type Instant, seconds } from '#base/time.ts';
import type { Rooms } from '../rooms.ts';
import {
  type WebhookEvent,
  isWanted,
  ofDirector,
  ofEmail,
  ofMessaging,
} from '../rules/webhook-event.ts';
import type { Cursor, WebhookTables } from './tables.ts';

/** What is read is written in one go after this time, or when there is much of it. */
const WRITE_AFTER = seconds(0.2);
const MOST_UNWRITTEN = 500;
/** A cursor that passed nothing wanted is written this seldom; after a crash some is read again. */
const WRITE_CURSOR_EVERY = seconds(10);
/** As long as so much waits for the receiver, no more is read: the journals keep it. */
const MOST_WAITING = 10_000;

interface Read {
  readonly source: keyof Cursor;
  readonly position: number;
  readonly at: Instant;
  readonly event: WebhookEvent;
}

export interface JournalReaderOptions {
  readonly webhook: string;
  readonly from: Cursor;
  /** Event types, as the webhook's document names them. */
  readonly wanted: readonly string[];
  readonly rooms: Rooms;
  readonly tables: WebhookTables;
  readonly clock: Clock;
  /** How many deliveries wait now. */
  readonly waiting: () => number;
  readonly queued: (count: number) => void;
}

/** Follows the journals for one webhook and queues what it wants; cursor and deliveries move together. */
export class JournalReader {
  readonly #options: JournalReaderOptions;
  #stored: Cursor;
  #reached: Cursor;
  #unwritten: Read[] = [];
  #writing: Promise<void> = Promise.resolve();
  #writtenAt: number;
  #timer: Disposable | undefined;

  constructor(options: JournalReaderOptions) {
    this.#options = options;
    this.#stored = options.from;
    this.#reached = options.from;
    this.#writtenAt = options.clock.monotonic();
  }

  /** Reads until the signal. @throws Whatever stops it: begin anew from the stored cursor. */
  async run(signal: AbortSignal): Promise<void> {
    const { director, messaging, mail } = this.#options.rooms;
    const failed = new AbortController();
    const ends = AbortSignal.any([signal, failed.signal]);
    const work = async (): Promise<void> => {
      for await (const { event } of director.follow.journal({
        since: this.#reached.work,
        signal: ends,
      })) {
        const { position, at, body } = event;
        await this.#take({ source: 'work', position, at, event: ofDirector(body) }, failed, ends);
      }
    };
    const messages = async (): Promise<void> => {
      for await (const { event } of messaging.follow.events({
        since: this.#reached.messages,
        signal: ends,
      })) {
        const { position, at, body } = event;
        await this.#take(
          { source: 'messages', position, at, event: ofMessaging(body) },
          failed,
          ends,
        );
      }
    };
    const emails = async (): Promise<void> => {
      for await (const { event } of mail.follow.events({
        since: this.#reached.emails,
        signal: ends,
      })) {
        const { position, at, body } = event;
        await this.#take({ source: 'emails', position, at, event: ofEmail(body) }, failed, ends);
      }
    };
    const stop = (error: unknown): never => {
      failed.abort(error);
      throw error;
    };
    const done = await Promise.allSettled(
      [work(), messages(), emails()].map((each) => each.catch(stop)),
    );
    this.#timer?.[Symbol.dispose]();
    await this.#writing.catch(() => undefined);
    if (signal.aborted) return;
    failed.signal.throwIfAborted();
    for (const each of done) if (each.status === 'rejected') throw each.reason;
  }

  async #take(read: Read, failed: AbortController, ends: AbortSignal): Promise<void> {
    const { clock, waiting } = this.#options;
    while (waiting() >= MOST_WAITING && !ends.aborted) await pause(clock, seconds(1), ends);
    if (ends.aborted || read.position <= this.#reached[read.source]) return;
    this.#unwritten.push(read);
    this.#reached = { ...this.#reached, [read.source]: read.position };
    if (this.#unwritten.length >= MOST_UNWRITTEN) return this.#write();
    this.#timer ??= clock.after(WRITE_AFTER, () => {
      this.#timer = undefined;
      this.#write().catch((error: unknown) => failed.abort(error));
    });
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow());
    return this.#writing;
  }

  async #writeNow(): Promise<void> {
    const { webhook, tables, clock, wanted, queued } = this.#options;
    const reads = this.#unwritten;
    const to = this.#reached;
    this.#unwritten = [];
    const deliveries = reads
      .filter(({ event }) => isWanted(wanted, event.type))
      .map(({ event, at }) => ({
        messageId: `msg_${newId(at)}`,
        event: event.type,
        payload: event.data,
        happenedAt: at,
      }));
    const isDue = clock.monotonic() - this.#writtenAt >= WRITE_CURSOR_EVERY;
    if (deliveries.length === 0 && !isDue) return;
    await tables.advance(webhook, this.#stored, to, deliveries, clock.now());
    this.#stored = to;
    this.#writtenAt = clock.monotonic();
    if (deliveries.length > 0) queued(deliveries.length);
  }
}
