import type { StreamItem } from '#base/contract.ts';
import type { Journal, JournalEvent } from '#platform/journal/journal.ts';
import type { MessagingEvent, MessagingFact } from './contract.ts';
import { STREAM } from './tables/tables.ts';
import type { Tables } from './tables/tables.ts';
import type { Texts } from './texts.ts';
import type { Change } from './thread.ts';

/** How many positions the tables are asked for at once, when a reader is behind. */
const AHEAD = 256;

type Event = { position: number; at: number; body: MessagingEvent };

/**
 * The journal's facts with the texts they refer to: of what was written just now from memory, else
 * from the tables, where an erased person's are empty.
 */
export class Facts {
  readonly #journal: Journal<Change, MessagingFact>;
  readonly #tables: Tables;
  readonly #texts: Texts;

  constructor(journal: Journal<Change, MessagingFact>, tables: Tables, texts: Texts) {
    this.#journal = journal;
    this.#tables = tables;
    this.#texts = texts;
  }

  /**
   * Everything behind `since`, then live; ends with the signal.
   *
   * @yields Each event with the position to go on from.
   */
  async *follow(since: number, signal: AbortSignal): AsyncGenerator<StreamItem<Event, number>> {
    let texts = new Map<number, string>();
    for await (const fact of this.#journal.follow(since, signal)) {
      const {
        position,
        body: { type },
      } = fact;
      let body = this.#withText(fact);
      if (!body && type === 'message-posted' && !texts.has(position)) {
        texts = await this.#tables.texts(STREAM, position, position + AHEAD);
      }
      body ??= await this.#withStoredText(fact, texts);
      yield { event: { position: fact.position, at: fact.at, body }, cursor: fact.position };
    }
  }

  #withText({ body, at }: JournalEvent<MessagingFact>): MessagingEvent | undefined {
    if (body.type === 'message-posted') {
      const { type, ...message } = body;
      const text = this.#texts.get(body.conversation, body.number);
      return text === undefined ? undefined : { type, message: { ...message, text, at } };
    }
    if (body.type === 'note-added') {
      const { id, ...note } = body;
      const text = this.#texts.get(body.conversation, id);
      return text === undefined ? undefined : { ...note, note: text, at };
    }
    return body;
  }

  async #withStoredText(
    { body, at, position }: JournalEvent<MessagingFact>,
    texts: ReadonlyMap<number, string>,
  ): Promise<MessagingEvent> {
    if (body.type === 'message-posted') {
      const { type, ...message } = body;
      return { type, message: { ...message, text: texts.get(position) ?? '', at } };
    }
    if (body.type === 'note-added') {
      const { id, ...note } = body;
      const notes = await this.#tables.notes(body.conversation);
      return { ...note, note: notes.find((stored) => stored.id === id)?.note ?? '', at };
    }
    return body;
  }
}
