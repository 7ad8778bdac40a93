import type { Implementation, StreamItem } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { AgentId, InteractionId, WorkItemId } from '#domain/ids.ts';
import type { ConversationId } from '#domain/ids.ts';
import type { Conversation, Message, Party } from '#domain/message.ts';
import type { MessagingEvent, TurnedAway, Typing, simpleMessagingMediaStore } from './contract.ts';
import { moveMarks } from './rules/move-marks.ts';

type Contract = typeof simpleMessagingMediaStore;
type Event = { position: number; at: number; body: MessagingEvent };

interface Kept {
  conversation: Conversation;
  readonly messages: Message[];
  readonly notes: { id: string; agent: AgentId; note: string; at: number }[];
}

/** A messaging store in memory: the contract without database, director and directory. */
export class FakeMessagingStore implements Implementation<Contract> {
  readonly #entryPoints: ReadonlySet<string>;
  readonly #kept = new Map<ConversationId, Kept>();
  readonly #events: Event[] = [];
  readonly #readers = new Set<() => void>();
  readonly #typists = new Set<(sign: Typing) => void>();

  constructor(entryPoints: readonly string[] = ['web']) {
    this.#entryPoints = new Set(entryPoints);
  }

  /** As if an agent had accepted the work item, or it had gone back to its queue. */
  own(id: ConversationId, owner: string | undefined): void {
    const kept = this.#find(id);
    kept.conversation = {
      ...kept.conversation,
      owner: owner === undefined ? undefined : AgentId.parse(owner),
    };
    const { workItem } = kept.conversation;
    this.#tell({
      type: 'owner-changed',
      conversation: id,
      workItem,
      owner: kept.conversation.owner,
    });
  }

  /** As if the director had refused the work item: its queue is full, or closed. */
  turnAway(id: ConversationId, why: Pick<TurnedAway, 'reason' | 'opensAt'>): void {
    const kept = this.#find(id);
    kept.conversation = { ...kept.conversation, offline: true };
    this.#tell({ type: 'turned-away', conversation: id, ...why });
  }

  /** As if the owner had closed the work item. */
  close(id: ConversationId): void {
    const kept = this.#find(id);
    const { workItem: _item, owner: _owner, ...rest } = kept.conversation;
    kept.conversation = { ...rest, endedAt: Date.now(), endedBy: 'agent' };
    this.#tell({ type: 'owner-changed', conversation: id });
    this.#tell({ type: 'conversation-ended', conversation: id, by: 'agent' });
  }

  readonly methods: Implementation<Contract>['methods'] = {
    open: async ({ message, visitor: _visitor, ...given }) => {
      if (!this.#entryPoints.has(given.entryPoint)) {
        throw new Refusal('unknown-entry-point', 'There is no such entry point', {
          entryPoint: given.entryPoint,
        });
      }
      if (!this.#kept.has(given.conversation)) this.#open(given);
      const kept = this.#find(given.conversation);
      const posted = this.#post(kept, { ...message, from: 'customer' });
      return { conversation: kept.conversation, message: posted };
    },
    post: async ({ conversation, ...draft }, { role }) => {
      mustSpeakFor(role, draft.from);
      return { message: this.#post(this.#find(conversation), draft) };
    },
    leaveAddress: async ({ conversation: id, customerName, customerAddress }) => {
      const kept = this.#find(id);
      const { conversation } = kept;
      if (conversation.customerAddress === undefined) {
        const name = conversation.customerName || customerName;
        kept.conversation = { ...conversation, customerName: name, customerAddress };
      }
      return { conversation: kept.conversation };
    },
    mark: async ({ conversation, ...move }, { role }) => {
      mustSpeakFor(role, move.party);
      const kept = this.#find(conversation);
      const { marks: before, lastNumber } = kept.conversation;
      const marks = moveMarks(before, move, lastNumber);
      if (!marks) return { marks: before };
      kept.conversation = { ...kept.conversation, marks };
      this.#tell({ type: 'marked', conversation, marks });
      return { marks };
    },
    typing: async (sign, { role }) => {
      mustSpeakFor(role, sign.party);
      const { owner, endedAt } = this.#find(sign.conversation).conversation;
      const isHeard = endedAt === undefined && (sign.party !== 'agent' || owner === sign.agent);
      if (isHeard) for (const hear of this.#typists) hear(sign);
      return {};
    },
    end: async ({ conversation }) => {
      const kept = this.#find(conversation);
      if (kept.conversation.endedAt !== undefined) return {};
      kept.conversation = { ...kept.conversation, endedAt: Date.now(), endedBy: 'customer' };
      this.#tell({ type: 'conversation-ended', conversation, by: 'customer' });
      return {};
    },
    addNote: async ({ conversation, id, agent, note }) => {
      const { notes } = this.#find(conversation);
      if (notes.some((known) => known.id === id)) return {};
      const at = Date.now();
      notes.push({ id, agent, note, at });
      this.#tell({ type: 'note-added', conversation, agent, note, at });
      return {};
    },
    read: async ({ conversation: id, since }) => {
      const { conversation, messages, notes } = this.#find(id);
      return {
        conversation,
        messages: messages.slice(since, since + 500),
        notes: notes.map(({ agent, note, at }) => ({ agent, note, at })),
        position: this.#events.length,
      };
    },
    position: async () => ({ position: this.#events.length }),
    summarise: async ({ conversations }) => ({
      summaries: conversations.flatMap((id) => {
        const kept = this.#kept.get(id);
        const last = kept?.messages.at(-1);
        if (!kept) return [];
        const lastText = last?.text.slice(0, 200) ?? '';
        return [
          { conversation: kept.conversation, lastText, ...(last && { lastFrom: last.from }) },
        ];
      }),
      position: this.#events.length,
    }),
    ofContact: async ({ contact, before = Infinity, limit }) => ({
      conversations: [...this.#kept.values()]
        .map((kept) => kept.conversation)
        .filter((each) => each.contact === contact && each.openedAt < before)
        .toSorted((a, b) => b.openedAt - a.openedAt)
        .slice(0, limit),
    }),
  };

  readonly streams: Implementation<Contract>['streams'] = {
    events: ({ since }, { signal }) => this.#follow(since ?? this.#events.length, signal),
    typing: (_request, { signal }) => this.#followTyping(signal),
  };

  #find(id: ConversationId): Kept {
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const text = `There is no conversation "${id}"`;
    throw new Refusal('unknown-conversation', text, { conversation: id });
  }

  #open({
    conversation: id,
    ...given
  }: Pick<Conversation, 'entryPoint' | 'channel' | 'customerName' | 'offline'> & {
    conversation: ConversationId;
  }): void {
    const conversation: Conversation = {
      ...given,
      id,
      interaction: InteractionId.parse(newId()),
      workItem: WorkItemId.parse(newId()),
      openedAt: Date.now(),
      lastNumber: 0,
      marks: { customerDelivered: 0, customerRead: 0, agentDelivered: 0, agentRead: 0 },
    };
    this.#kept.set(id, { conversation, messages: [], notes: [] });
    const { interaction, entryPoint, channel } = conversation;
    this.#tell({ type: 'conversation-opened', conversation: id, interaction, entryPoint, channel });
  }

  #post(kept: Kept, draft: Pick<Message, 'id' | 'from' | 'agent' | 'text'>): Message {
    const { conversation, messages } = kept;
    const known = messages.find((message) => message.id === draft.id);
    if (known) return known;
    if (conversation.endedAt !== undefined) {
      throw new Refusal('conversation-ended', 'This conversation is over', {
        conversation: conversation.id,
      });
    }
    const isOwner = draft.agent !== undefined && draft.agent === conversation.owner;
    if (draft.from === 'agent' && !isOwner) {
      throw new Refusal('not-yours', 'This is not yours', { owner: conversation.owner });
    }
    const text = draft.text.toWellFormed().replaceAll('\0', '');
    if (text === '')
      throw new Refusal('invalid-params', 'Cannot accept the message: it has no text');
    const number = messages.length + 1;
    const message = { ...draft, conversation: conversation.id, number, text, at: Date.now() };
    messages.push(message);
    kept.conversation = { ...conversation, lastNumber: number };
    this.#tell({ type: 'message-posted', message });
    return message;
  }

  #tell(body: MessagingEvent): void {
    this.#events.push({ position: this.#events.length + 1, at: Date.now(), body });
    for (const wake of this.#readers) wake();
  }

  async *#follow(since: number, signal: AbortSignal): AsyncGenerator<StreamItem<Event, number>> {
    if (since > this.#events.length) throw new Refusal('unknown-cursor', 'It ends before that');
    for (let at = since; !signal.aborted;) {
      const event = this.#events[at];
      if (event) yield { event, cursor: ++at };
      else await wakened(this.#readers, signal);
    }
  }

  async *#followTyping(signal: AbortSignal): AsyncGenerator<StreamItem<Typing, undefined>> {
    const unread: Typing[] = [];
    const hear = (sign: Typing): void => {
      unread.push(sign);
      for (const wake of this.#readers) wake();
    };
    this.#typists.add(hear);
    while (!signal.aborted) {
      for (const event of unread.splice(0)) yield { event, cursor: undefined };
      if (unread.length === 0) await wakened(this.#readers, signal);
    }
    this.#typists.delete(hear);
  }
}

/** Waits until something is new for readers, or until the signal. */
async function wakened(readers: Set<() => void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  readers.add(resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  readers.delete(resolve);
}

function mustSpeakFor(role: string, party: Party): void {
  if ((role === 'desktop-server') !== (party === 'customer')) return;
  throw new Refusal('forbidden', `The role "${role}" may not speak for the ${party}`);
}
