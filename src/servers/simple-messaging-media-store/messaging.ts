import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import type { ChangeWaits } from '#base/change-waits.ts';
import { newId } from '#base/id.ts';
import { WorkItemId } from '#domain/ids.ts';
import type { AgentId, ContactId, ConversationId, EntryPointId } from '#domain/ids.ts';
import type { Conversation, Marks, Message } from '#domain/message.ts';
import type { Journal } from '#platform/journal/journal.ts';
import type { z } from 'zod';
import type { MessagingFact, simpleMessagingMediaStore } from './contract.ts';
import type { Conversations } from './conversations.ts';
import type { WhyTurnedAway } from './director-calls.ts';

import type { ItemPlan } from '#domain/conversation/after-director-event.ts';
import { decidePost } from './rules/decide-post.ts';
import type { PostDecision } from './rules/decide-post.ts';
import { moveMarks } from './rules/move-marks.ts';
import { storable } from './rules/storable.ts';
import { NotedFact, openedFact, ownerFact, PostedFact } from './journaled.ts';
import { newThread, takeAddress } from './new-thread.ts';
import {
  busy,
  conversationEnded,
  invalid,
  notYours,
  unknownConversation,
  unknownEntryPoint,
} from './refusals.ts';
import { IDS_KEPT, keepNumber, settled, whileHeld } from './thread.ts';
import type { Change, DirectorCall, PlannedSubmission, Thread } from './thread.ts';
import type { Tables } from './tables/tables.ts';
import type { Texts } from './texts.ts';

type Params<M extends keyof (typeof simpleMessagingMediaStore)['methods']> = z.infer<
  (typeof simpleMessagingMediaStore)['methods'][M]['params']
>;

/** How long an agent's message waits for the director's word that the conversation is theirs. */
const OWNER_WAIT: Milliseconds = seconds(1);

/** A message before it has a number. */
type Draft = Pick<Params<'post'>, 'id' | 'text' | 'from' | 'agent'>;

export interface MessagingParts {
  readonly clock: Clock;
  readonly journal: Journal<Change, MessagingFact>;
  readonly tables: Tables;
  readonly conversations: Conversations;
  readonly texts: Texts;
  /** An agent who has accepted an offer may write before this store has heard of it from the director. */
  readonly ownerWaits: ChangeWaits<ConversationId>;
  /** How many changes may wait for the database. */
  readonly longestWait: number;
  /** Where a customer goes who comes in by this entry point now; nothing where it is not in use. */
  readonly submissionFor: (entryPoint: EntryPointId, at: Instant) => PlannedSubmission | undefined;
  /** A customer whom nobody knows may be found by their address now. */
  readonly addressLeft: () => void;
  /** The director must hear this; it is in the outbox already. */
  readonly tellDirector: (call: DirectorCall) => void;
}

/**
 * All that changes conversations. A change is decided in memory, in one go, and answered once the
 * journal has made it durable together with its event.
 */
export class Messaging {
  readonly #parts: MessagingParts;
  #waiting = 0;

  constructor(parts: MessagingParts) {
    this.#parts = parts;
  }

  async open(params: Params<'open'>): Promise<{ conversation: Conversation; message: Message }> {
    const { conversations } = this.#parts;
    const found = await conversations.find(params.conversation);
    const existing = found ?? conversations.peek(params.conversation);
    if (existing) {
      const { id, text } = params.message;
      const message = await this.#post(existing, { id, text, from: 'customer' });
      return { conversation: await settled(existing), message };
    }
    this.#refuseIfBusy();
    const at = this.#parts.clock.now();
    const submission = this.#parts.submissionFor(params.entryPoint, at);
    if (!submission) throw unknownEntryPoint(params.entryPoint);
    const thread = newThread(params, at);
    const message = messageOf(thread, { ...params.message, from: 'customer' }, at);
    const call = this.#submission(conversations.add(thread), submission);
    const { conversation, visitor, candidate } = thread;
    await this.#commit(
      thread,
      [
        { type: 'conversation-opened', conversation, visitor, candidate },
        { type: 'message-posted', message },
        { type: 'director-call', at, call },
      ],
      [openedFact(conversation), this.#posted(thread, message)],
      at,
    );
    this.#parts.tellDirector(call);
    return { conversation: await settled(thread), message };
  }

  async post(params: Params<'post'>): Promise<Message> {
    const thread = await this.#find(params.conversation);
    // nearly every message: decided at once, without the detours that some need
    if (thread.knows === 'all' && !thread.numbers.has(params.id)) {
      const decision = decidePost(thread, params);
      if (decision.type === 'post') return this.#write(thread, params, decision.tell);
    }
    return this.#post(thread, params);
  }

  async mark(params: Params<'mark'>): Promise<Marks> {
    const thread = await this.#find(params.conversation);
    const { conversation } = thread;
    const marks = moveMarks(conversation.marks, params, thread.lastNumber);
    if (marks) {
      this.#refuseIfBusy();
      await this.#change(thread, { marks }, [
        { type: 'marked', conversation: conversation.id, marks },
      ]);
    }
    return (await settled(thread)).marks;
  }

  /** The customer ends it. The director abandons the work item unless somebody has accepted it. */
  async end(params: Params<'end'>): Promise<void> {
    const thread = await this.#find(params.conversation);
    const { id, endedAt, workItem } = thread.conversation;
    if (endedAt !== undefined) return void (await thread.written);
    this.#refuseIfBusy();
    const call: DirectorCall | undefined = workItem && {
      workItem,
      conversation: id,
      call: 'abandon',
    };
    await this.#change(
      thread,
      { endedAt: this.#parts.clock.now(), endedBy: 'customer' },
      [{ type: 'conversation-ended', conversation: id, by: 'customer' }],
      call,
    );
  }

  async addNote(params: Params<'addNote'>): Promise<void> {
    const thread = await this.#find(params.conversation);
    return whileHeld(thread, async () => {
      const { conversation, agent, id } = params;
      const notes = await this.#parts.tables.notes(conversation);
      if (notes.some((known) => known.id === id)) return;
      this.#refuseIfBusy();
      const at = this.#parts.clock.now();
      const note = storable(params.note);
      const fact = new NotedFact({ conversation, id, agent }, this.#parts.texts.hold(note));
      const change = { type: 'note-added', conversation, id, agent, note, at } as const;
      await this.#commit(thread, [change], [fact], at);
    });
  }

  /** Who speaks with the customer beside the owner from now on: the director has said so. */
  conferring(thread: Thread, conferees: readonly AgentId[]): void {
    if (conferees === thread.conferees) return;
    thread.conferees = conferees;
    this.#parts.ownerWaits.changed(thread.conversation.id);
  }

  /** What the director's journal said; where that changes the conversation, with how far it has been followed. */
  async follow(thread: Thread, plan: ItemPlan, followed: readonly Change[]): Promise<void> {
    const { id, owner, workItem } = thread.conversation;
    thread.itemState = plan.itemState;
    const hasMoved = plan.owner !== owner || plan.workItem !== workItem;
    if (!hasMoved && !plan.ended && !plan.customerWrote) return;
    const facts: MessagingFact[] = [];
    if (hasMoved) facts.push(ownerFact({ id, owner: plan.owner, workItem: plan.workItem }));
    if (plan.ended) facts.push({ type: 'conversation-ended', conversation: id, by: plan.ended });
    const { customerWrote, workItem: item } = plan;
    const call: DirectorCall | undefined = customerWrote &&
      item && { workItem: item, conversation: id, call: 'customer-wrote' };
    const to = {
      owner: plan.owner,
      workItem: plan.workItem,
      ...(plan.ended ? { endedAt: this.#parts.clock.now(), endedBy: plan.ended } : {}),
    };
    const written = this.#change(thread, to, facts, call, followed);
    if (hasMoved) this.#parts.ownerWaits.changed(id);
    await written;
  }

  /** The director lost the work item, or never had it. */
  async submitAgain(thread: Thread): Promise<void> {
    const { id, workItem, openedAt, entryPoint } = thread.conversation;
    const submission = this.#parts.submissionFor(entryPoint, openedAt);
    if (!workItem || !submission) return;
    const call = { workItem, conversation: id, call: 'submit', submission } as const;
    await this.#change(thread, {}, [], call);
  }

  /**
   * Nobody takes the customer on: from now on it is a message that was left.
   *
   * @returns Whether that was news.
   */
  async turnAway(id: ConversationId, why: WhyTurnedAway): Promise<boolean> {
    const thread = await this.#find(id);
    if (thread.conversation.offline) return false;
    await this.#change(thread, { offline: true }, [
      { type: 'turned-away', conversation: id, ...why },
    ]);
    return true;
  }

  /** The customer says where to answer to; an address that is known stays. */
  async leaveAddress(params: Params<'leaveAddress'>): Promise<Conversation> {
    const thread = await this.#find(params.conversation);
    if (thread.conversation.customerAddress !== undefined) return settled(thread);
    this.#refuseIfBusy();
    const at = this.#parts.clock.now();
    takeAddress(thread, params, at);
    const { conversation, candidate } = thread;
    await this.#commit(thread, [{ type: 'address-left', conversation, candidate }], [], at);
    if (candidate) this.#parts.addressLeft();
    return settled(thread);
  }

  /** The directory knows who the customer is. */
  async matched(thread: Thread, contact: ContactId): Promise<void> {
    const { id, contact: before } = thread.conversation;
    if (before === contact) return;
    await this.#change(thread, { contact }, [
      { type: 'contact-matched', conversation: id, contact },
    ]);
  }

  /** Nothing is announced; how far a journal has been followed becomes durable. */
  async followed(changes: readonly Change[]): Promise<void> {
    await this.#parts.journal.append({ changes, events: [] });
  }

  #post(thread: Thread, given: Draft): Promise<Message> {
    return whileHeld(thread, async () => {
      const { id } = thread.conversation;
      if (thread.knows === 'nothing') await this.#learn(thread);
      let asked = thread.knows === 'all';
      let waited = given.from !== 'agent';
      for (;;) {
        const known = thread.numbers.get(given.id);
        if (known !== undefined) return this.#stored(thread, known);
        if (!asked) {
          asked = true;
          const number = await this.#parts.tables.numberOf(id, given.id);
          if (number !== undefined) return this.#stored(thread, number);
          continue; // another of the same id may have come meanwhile
        }
        const decision = decidePost(thread, given);
        if (decision.type === 'post') return this.#write(thread, given, decision.tell);
        if (decision.type === 'conversation-ended') throw conversationEnded(id);
        if (waited) throw notYours(decision.owner);
        waited = true;
        await this.#parts.ownerWaits.wait(id, OWNER_WAIT);
      }
    });
  }

  /** Reads the ids of the newest messages. Until they are known nothing is written, so none is missed. */
  async #learn(thread: Thread): Promise<void> {
    const newest = await this.#parts.tables.numbers(thread.conversation.id, IDS_KEPT);
    if (thread.knows !== 'nothing') return; // somebody else was quicker
    for (const { id, number } of newest) thread.numbers.set(id, number);
    thread.knows = newest.length < IDS_KEPT ? 'all' : 'newest';
  }

  async #write(thread: Thread, draft: Draft, tell: PostDecision['tell']): Promise<Message> {
    this.#refuseIfBusy();
    const at = this.#parts.clock.now();
    const message = messageOf(thread, draft, at);
    const change: Change = { type: 'message-posted', message };
    if (tell === 'nothing') {
      await this.#commit(thread, [change], [this.#posted(thread, message)], at);
      return message;
    }
    const { id, workItem, entryPoint } = thread.conversation;
    const changes: Change[] = [];
    const facts: MessagingFact[] = [];
    let call: DirectorCall;
    if (tell === 'customer-wrote' && workItem) call = { workItem, conversation: id, call: tell };
    else {
      const submission = this.#parts.submissionFor(entryPoint, at);
      if (!submission) throw conversationEnded(id); // the entry point is gone: nobody would read it
      call = this.#submission(thread, submission);
      changes.push({ type: 'conversation-changed', conversation: thread.conversation });
      facts.push(ownerFact(thread.conversation));
    }
    changes.push({ type: 'director-call', at, call }, change);
    facts.push(this.#posted(thread, message));
    await this.#commit(thread, changes, facts, at);
    this.#parts.tellDirector(call);
    return message;
  }

  /** A new work item for the conversation. */
  #submission(thread: Thread, submission: PlannedSubmission): DirectorCall {
    const { workItem: before, id } = thread.conversation;
    const workItem = before ?? WorkItemId.parse(newId(this.#parts.clock.now()));
    thread.conversation = { ...thread.conversation, workItem };
    thread.itemState = 'queued';
    this.#parts.conversations.itemChanged(thread, undefined);
    return { workItem, conversation: id, call: 'submit', submission };
  }

  /** Takes a message into memory, and says what the journal keeps of it. */
  #posted(thread: Thread, message: Message): MessagingFact {
    thread.lastNumber = message.number;
    if (message.from === 'customer') thread.customerWroteAt = message.at;
    keepNumber(thread, message.id, message.number);
    return new PostedFact(message, this.#parts.texts.hold(message.text));
  }

  async #change(
    thread: Thread,
    to: Partial<Conversation>,
    facts: readonly MessagingFact[],
    call?: DirectorCall,
    further: readonly Change[] = [],
  ): Promise<void> {
    const at = this.#parts.clock.now();
    const before = thread.conversation;
    const conversation = { ...before, ...to };
    thread.conversation = conversation;
    if (before.workItem !== conversation.workItem) {
      this.#parts.conversations.itemChanged(thread, before.workItem);
    }
    const changes: Change[] = [{ type: 'conversation-changed', conversation }, ...further];
    if (call) changes.push({ type: 'director-call', at, call });
    await this.#commit(thread, changes, facts, at);
    if (call) this.#parts.tellDirector(call);
  }

  #commit(
    thread: Thread,
    changes: readonly Change[],
    facts: readonly MessagingFact[],
    at: Instant,
  ): Promise<void> {
    this.#waiting++;
    thread.held++;
    const events = facts.map((body) => ({ at, body }));
    const written = this.#parts.journal.append({ changes, events });
    thread.written = written;
    return this.#finish(thread, written);
  }

  async #finish(thread: Thread, written: Promise<unknown>): Promise<void> {
    try {
      await written;
    } catch (error) {
      this.#parts.conversations.drop(thread);
      throw error;
    } finally {
      this.#waiting--;
      thread.held--;
    }
  }

  async #find(id: ConversationId): Promise<Thread> {
    const { conversations } = this.#parts;
    const thread = conversations.peek(id) ?? (await conversations.find(id));
    if (thread) return thread;
    throw unknownConversation(id);
  }

  async #stored(thread: Thread, number: number): Promise<Message> {
    await thread.written;
    const [message] = await this.#parts.tables.messages(thread.conversation.id, number - 1, 1);
    if (!message)
      throw new Error(`Cannot read message ${number} of "${thread.conversation.id}": it is gone`);
    return message;
  }

  #refuseIfBusy(): void {
    if (this.#waiting < this.#parts.longestWait) return;
    throw busy();
  }
}

function messageOf(thread: Thread, { id, from, agent, text }: Draft, at: Instant): Message {
  const kept = storable(text);
  if (kept === '') throw invalid('it has no text');
  if (storable(id) !== id) throw invalid('its id is not plain text');
  const {
    lastNumber,
    conversation: { id: conversation },
  } = thread;
  return { conversation, number: lastNumber + 1, id, from, agent, text: kept, at };
}
