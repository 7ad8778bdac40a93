import type { ConversationId } from '#domain/ids.ts';
import type { Conversation, Message } from '#domain/message.ts';
import type { MessagingFact } from './contract.ts';
import type { HeldText } from './texts.ts';

type Posted = Extract<MessagingFact, { type: 'message-posted' }>;
type Noted = Extract<MessagingFact, { type: 'note-added' }>;

/** That a message was posted, with its text at hand for those who follow live. The journal keeps the fields alone. */
export class PostedFact implements Posted {
  readonly type = 'message-posted';
  readonly conversation: ConversationId;
  readonly number: number;
  readonly id: string;
  readonly from: Message['from'];
  readonly agent: Message['agent'];
  readonly #text: HeldText; // private fields are not written into JSON

  constructor({ conversation, number, id, from, agent }: Message, text: HeldText) {
    this.conversation = conversation;
    this.number = number;
    this.id = id;
    this.from = from;
    this.agent = agent;
    this.#text = text;
  }

  /** Nothing once it must be read from the tables. */
  get text(): string | undefined {
    return this.#text.text;
  }
}

/** That a note was added, as `PostedFact`. */
export class NotedFact implements Noted {
  readonly type = 'note-added';
  readonly conversation: ConversationId;
  readonly id: string;
  readonly agent: Noted['agent'];
  readonly #note: HeldText;

  constructor({ conversation, id, agent }: Omit<Noted, 'type'>, note: HeldText) {
    this.conversation = conversation;
    this.id = id;
    this.agent = agent;
    this.#note = note;
  }

  /** Nothing once it must be read from the tables. */
  get note(): string | undefined {
    return this.#note.text;
  }
}

/** That a conversation was opened. */
export const openedFact = (conversation: Omit<Conversation, 'lastNumber'>): MessagingFact => ({
  type: 'conversation-opened',
  conversation: conversation.id,
  interaction: conversation.interaction,
  entryPoint: conversation.entryPoint,
  channel: conversation.channel,
});

/** Whose it is now, and as which work item. */
export const ownerFact = ({
  id,
  owner,
  workItem,
}: Pick<Conversation, 'id' | 'owner' | 'workItem'>): MessagingFact => ({
  type: 'owner-changed',
  conversation: id,
  workItem,
  owner,
});
