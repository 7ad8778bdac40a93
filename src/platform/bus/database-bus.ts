import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { checkNotice } from './bus.ts';
import { Subscribers } from './subscribers.ts';
import type { Database } from '#platform/database/database.ts';
import type { Bus, Subscriber } from './bus.ts';

/** One channel for all topics: a session that listens to many would be told each one separately. */
const CHANNEL = 'emcee_bus';

/** Sent in place of notices that had to be dropped. */
const MISSED = 'missed';

/** More than this waiting means the database is away; the oldest says least. */
const MOST_WAITING = 1_000;

const RETRY_AFTER = 250;

/**
 * A bus between all processes on one database, over its NOTIFY.
 *
 * NOTIFY holds a lock of the whole server while its transaction commits, so notices never travel in the
 * transactions that they tell of, and all that wait go out in one statement.
 */
export async function openDatabaseBus(database: Database): Promise<Bus> {
  const bus = new DatabaseBus(database);
  await bus.open();
  return bus;
}

class DatabaseBus implements Bus {
  readonly #database: Database;
  readonly #subscribers = new Subscribers();
  readonly #stop = new AbortController();
  #waiting: string[] = [];
  #published = 0;
  #sending: Promise<void> | undefined;
  #ear: AsyncDisposable | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async open(): Promise<void> {
    this.#ear = await this.#database.listen(CHANNEL, (frame) => this.#heard(frame));
  }

  publish(topic: string, payload: string): void {
    checkNotice(topic, payload);
    // Numbered, for PostgreSQL delivers equal notices of one transaction as one.
    this.#waiting.push(`${this.#published++} ${topic}\n${payload}`);
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#waiting[0] = MISSED; // in place of another, so that the bound stands
    }
    this.#sending ??= this.#send();
  }

  async subscribe(topic: string, subscriber: Subscriber): Promise<AsyncDisposable> {
    return this.#subscribers.add(topic, subscriber);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#sending;
    this.#subscribers.clear();
    await this.#ear?.[Symbol.asyncDispose]();
  }

  /** Sends all that waits, until nothing does. What is published meanwhile goes with the next statement. */
  async #send(): Promise<void> {
    for (; await immediate(), this.#waiting.length > 0;) {
      const frames = this.#waiting.splice(0);
      try {
        await this.#database.query({
          name: 'bus notify',
          text: `select pg_notify('${CHANNEL}', frame) from unnest($1::text[]) as frame`,
          values: [frames],
        });
      } catch {
        if (this.#stop.signal.aborted) break;
        // It may have gone out or not: a notice told twice does no harm, but one untold might.
        this.#waiting = [...frames, ...this.#waiting].slice(-MOST_WAITING);
        await sleep(RETRY_AFTER, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
    this.#sending = undefined;
  }

  #heard(frame: string): void {
    const match = /^\d+ ([^\n]*)\n([^]*)$/.exec(frame);
    // The database's own word that the connection was away is an empty one.
    if (match) this.#subscribers.tell(match[1] ?? '', match[2] ?? '');
    else this.#subscribers.tellMissed();
  }
}
