import type { StreamItem } from '#base/contract.ts';
import type { Journal, JournalEvent } from '#platform/journal/journal.ts';
import type { MessagingEvent, MessagingFact } from './contract.ts';
import { STREAM } from './tables/tables.ts';
import type { Tables } from './tables/tables.ts';
import { NotedFact, PostedFact } from './journaled.ts';
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

  constructor(journal: Journal<Change, MessagingFact>, tables: Tables) {
    this.#journal = journal;
    this.#tables = tables;
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
      const text = body instanceof PostedFact ? body.text : undefined;
      return text === undefined ? undefined : posted(body, text, at);
    }
    if (body.type === 'note-added') {
      const note = body instanceof NotedFact ? body.note : undefined;
      const { type, conversation, agent } = body;
      return note === undefined ? undefined : { type, conversation, agent, note, at };
    }
    return body;
  }

  async #withStoredText(
    { body, at, position }: JournalEvent<MessagingFact>,
    texts: ReadonlyMap<number, string>,
  ): Promise<MessagingEvent> {
    if (body.type === 'message-posted') {
      return posted(body, texts.get(position) ?? '', at);
    }
    if (body.type === 'note-added') {
      const { id, type, conversation, agent } = body;
      const notes = await this.#tables.notes(conversation);
      return {
        type,
        conversation,
        agent,
        note: notes.find((stored) => stored.id === id)?.note ?? '',
        at,
      };
    }
    return body;
  }
}

const posted = (
  {
    type,
    conversation,
    number,
    id,
    from,
    agent,
  }: Extract<MessagingFact, { type: 'message-posted' }>,
  text: string,
  at: number,
): MessagingEvent => ({
  type,
  message: { conversation, number, id, from, agent, text, at },
});
