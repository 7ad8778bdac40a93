import { Refusal } from '#base/refusal.ts';
import type { Instant } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import type { NumberedEvent } from '#platform/lines/lines.ts';
import { MessagingRecord } from '#servers/simple-messaging-media-store/contract.ts';
import { conversationChanges } from './rules/conversations.ts';
import { Serial } from '#base/serial.ts';
import { MovedOnError, forget, moveOn, readPosition, writeConversations } from './tables.ts';

const STREAM = 'simple-messaging-media-store';

/** Follows the messaging store's journal: who wrote when and with whom, never what. */
export class MessagingFollower {
  readonly #database: Database;
  readonly #serial = new Serial();
  #reached: { position: number; at: Instant | undefined } | undefined;
  #generation = 0;

  constructor(database: Database) {
    this.#database = database;
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
      const records = events.filter(({ n }) => n > from).map(toRecord);
      const last = records.at(-1);
      if (!last) return from;
      this.#reached = undefined; // in doubt until it is stored
      await this.#database.transaction(async (tx) => {
        await moveOn(tx, { stream: STREAM, from, to: last.position, at: last.at });
        await writeConversations(tx, conversationChanges(records));
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
      await forget(this.#database, STREAM);
    });
  }

  async #recovered(): Promise<{ position: number; at: Instant | undefined }> {
    return (this.#reached ??= await readPosition(this.#database, STREAM));
  }
}

function toRecord({ n, event }: NumberedEvent): MessagingRecord {
  const record = MessagingRecord.safeParse(event);
  if (record.success && record.data.position === n) return record.data;
  const why = record.success ? 'its position is not its number' : 'it is not a known fact';
  throw new Refusal('bad-record', `Cannot take fact ${n} in: ${why}`, { n });
}
