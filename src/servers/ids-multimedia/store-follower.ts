import type { z } from 'zod';
import { Refusal } from '#base/refusal.ts';
import type { Instant } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import type { NumberedEvent } from '#platform/lines/lines.ts';
import { Serial } from '#base/serial.ts';
import type { FollowedStream } from './contract.ts';
import type { ConversationChanges } from './rules/conversations.ts';
import { MovedOnError, forget, moveOn, readPosition, writeConversations } from './tables.ts';

/** A numbered fact of a store's journal. */
interface StoreRecord {
  readonly position: number;
  readonly at: Instant;
}

/** One store's journal, and what it says of conversations. */
export interface StoreJournal<R extends StoreRecord> {
  readonly stream: FollowedStream;
  readonly record: z.ZodType<R>;
  readonly changes: (records: readonly R[]) => ConversationChanges;
}

/** Follows a media store's journal: who wrote when and with whom, never what. */
export class StoreFollower<R extends StoreRecord> {
  readonly #database: Database;
  readonly #journal: StoreJournal<R>;
  readonly #serial = new Serial();
  #reached: { position: number; at: Instant | undefined } | undefined;
  #generation = 0;

  constructor(database: Database, journal: StoreJournal<R>) {
    this.#database = database;
    this.#journal = journal;
  }

  /** Where a session may go on, and in which generation. */
  resume(): Promise<{ position: number; generation: number }> {
    return this.#serial.run(async () => ({
      position: (await this.#recovered()).position,
      generation: this.#generation,
    }));
  }

  /**
   * Takes facts in; resolves with the last number stored. Those taken before change nothing.
   *
   * @throws {Refusal} `bad-record` if one of them cannot be read: nothing was stored.
   */
  take(generation: number, events: readonly NumberedEvent[]): Promise<number> {
    return this.#serial.run(async () => {
      if (generation !== this.#generation) throw new MovedOnError('Cannot go on: derived anew');
      const { position: from } = await this.#recovered();
      const { stream, changes } = this.#journal;
      const records = events.filter(({ n }) => n > from).map((event) => this.#recordOf(event));
      const last = records.at(-1);
      if (!last) return from;
      this.#reached = undefined; // in doubt until it is stored
      await this.#database.transaction(async (tx) => {
        await moveOn(tx, { stream, from, to: last.position, at: last.at });
        await writeConversations(tx, stream, changes(records));
      });
      this.#reached = { position: last.position, at: last.at };
      return last.position;
    });
  }

  position(): Promise<{ position: number; at: Instant | undefined }> {
    return this.#serial.run(() => this.#recovered());
  }

  /** Forgets everything; sessions under way end at their next event. */
  forget(): Promise<void> {
    return this.#serial.run(async () => {
      this.#generation += 1;
      this.#reached = undefined;
      await forget(this.#database, this.#journal.stream);
    });
  }

  async #recovered(): Promise<{ position: number; at: Instant | undefined }> {
    return (this.#reached ??= await readPosition(this.#database, this.#journal.stream));
  }

  #recordOf({ n, event }: NumberedEvent): R {
    const record = this.#journal.record.safeParse(event);
    if (record.success && record.data.position === n) return record.data;
    const why = record.success ? 'its position is not its number' : 'it is not a known fact';
    throw new Refusal('bad-record', `Cannot take fact ${n} in: ${why}`, { n });
  }
}
