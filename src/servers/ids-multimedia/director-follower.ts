import { Refusal } from '#base/refusal.ts';
import type { Clock, Instant } from '#base/time.ts';
import type { Balance } from '#domain/metrics/board.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import type { NumberedEvent } from '#platform/lines/lines.ts';
import type { Moment } from './count-tables.ts';
import type { LiveKey } from './rules/live.ts';
import { Tally } from './rules/tally.ts';
import { Serial } from '#base/serial.ts';
import {
  MovedOnError,
  fixMoment,
  forget,
  moveOn,
  readLive,
  readPosition,
  writeBatch,
} from './tables.ts';

/**
 * Follows the director's journal: counts in memory and stores, batch by batch, with the position. What a
 * failure leaves in doubt is read back from the tables before anything else is done.
 */
export class DirectorFollower {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #serial = new Serial();
  #tally: Tally | undefined;
  /** When the event at the position happened. */
  #at: Instant | undefined;
  /** Rises when everything is derived anew: a session from before must not go on. */
  #generation = 0;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** In = closed + open, as far as is known without asking the database. */
  get balance(): Balance | undefined {
    return this.#tally?.balance;
  }

  /** Where a session may go on, and in which generation. */
  resume(): Promise<{ position: number; generation: number }> {
    return this.#serial.run(async () => {
      const tally = await this.#recovered();
      return { position: tally.centre.position, generation: this.#generation };
    });
  }

  /**
   * Takes events in; resolves with the last number stored. Those taken before change nothing.
   *
   * @throws {Refusal} `bad-record` if one of them cannot be read: nothing was stored.
   */
  take(generation: number, events: readonly NumberedEvent[]): Promise<number> {
    return this.#serial.run(async () => {
      if (generation !== this.#generation) throw new MovedOnError('Cannot go on: derived anew');
      const tally = await this.#recovered();
      const from = tally.centre.position;
      const records = events.filter(({ n }) => n > from).map(toRecord);
      const last = records.at(-1);
      if (!last) return from;
      this.#tally = undefined; // in doubt until it is stored
      const batch = tally.take(records);
      await this.#database.transaction(async (tx) => {
        const { entered, ended } = batch;
        await moveOn(tx, {
          stream: 'media-director',
          from,
          to: last.position,
          at: last.at,
          entered,
          ended,
        });
        await writeBatch(tx, batch, (key) => bodyOf(tally, key));
      });
      this.#tally = tally;
      this.#at = last.at;
      return last.position;
    });
  }

  /** Runs `work` with the state of one position, in memory and in the tables alike. It holds no events up. */
  async moment<T>(work: (moment: Moment & { balance: Balance }) => Promise<T>): Promise<T> {
    const running = await this.#serial.run(async () => {
      const tally = await this.#recovered();
      const fixed = Promise.withResolvers<void>();
      const result = this.#database.transaction(async (tx) => {
        if ((await fixMoment(tx)) !== tally.centre.position) {
          this.#tally = undefined;
          throw new MovedOnError('Cannot read: another process has taken the journal in');
        }
        const moment = {
          tx,
          live: tally.live(),
          now: this.#clock.now(),
          balance: tally.balance,
        };
        fixed.resolve();
        return work(moment);
      });
      await Promise.race([fixed.promise, result]);
      return { result };
    });
    return running.result;
  }

  /** How far it is, without waiting for the database. */
  position(): Promise<{ position: number; at: Instant | undefined; balance: Balance }> {
    return this.#serial.run(async () => {
      const tally = await this.#recovered();
      return { position: tally.centre.position, at: this.#at, balance: tally.balance };
    });
  }

  /** Forgets everything; sessions under way end at their next event. */
  forget(): Promise<void> {
    return this.#serial.run(async () => {
      this.#generation += 1;
      this.#tally = undefined;
      await forget(this.#database, 'media-director');
    });
  }

  async #recovered(): Promise<Tally> {
    if (this.#tally) return this.#tally;
    const live = await readLive(this.#database);
    this.#at = (await readPosition(this.#database, 'media-director')).at;
    return (this.#tally = new Tally(live));
  }
}

function bodyOf(tally: Tally, key: LiveKey): unknown {
  switch (key.kind) {
    case 'pass':
      return tally.pass(key.id);
    case 'segment':
      return tally.segment(key.id);
    case 'agent':
      return tally.agent(key.id);
  }
}

function toRecord({ n, event }: NumberedEvent): DirectorRecord {
  const record = DirectorRecord.safeParse(event);
  if (record.success && record.data.position === n) return record.data;
  const why = record.success ? 'its position is not its number' : 'it is not a known event';
  throw new Refusal('bad-record', `Cannot take event ${n} in: ${why}`, { n });
}
