import type { ChangeWaits } from '#base/change-waits.ts';
import type { AgentId, ConversationId, QueueId, WorkItemId } from '#domain/ids.ts';
import { afterDirectorEvent } from '#domain/conversation/after-director-event.ts';
import type { ItemPlan } from '#domain/conversation/after-director-event.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Change, PlannedSubmission } from './changes.ts';
import type { Conversations } from './conversations.ts';
import { joined } from './rules/merged.ts';
import type { FurtherItem, Thread } from './thread.ts';
import type { Deed, ThreadWriter } from './thread-writer.ts';

export interface PassesParts {
  readonly conversations: Conversations;
  readonly writer: ThreadWriter;
  readonly ownerWaits: ChangeWaits<ConversationId>;
}

/** What the media director says of the work items of conversations: who has them, and what became of them. */
export class Passes {
  readonly #parts: PassesParts;

  constructor(parts: PassesParts) {
    this.#parts = parts;
  }

  /** Who speaks with the customer beside the owner from now on. */
  conferring(thread: Thread, conferees: readonly AgentId[]): void {
    if (conferees === thread.conferees) return;
    thread.conferees = conferees;
    this.#parts.ownerWaits.changed(thread.head.id);
  }

  /**
   * What an event of the director's journal means for the conversation whose item it is about; durable with
   * `followed` where it changes something.
   */
  async after(
    thread: Thread,
    item: WorkItemId,
    event: DirectorEvent,
    at: number,
    followed: readonly Change[],
  ): Promise<void> {
    const deed = this.#parts.writer.begin();
    deed.changes.push(...followed);
    if (event.type === 'work-item-entered' && event.splitFrom === item) {
      this.#split(deed, thread, event.item);
    } else if (event.type === 'work-item-merged') {
      this.#merged(deed, thread, item, event.into);
    } else if (item === thread.head.workItem) {
      const facts = {
        conversation: thread.head,
        itemState: thread.itemState,
        customerWroteAt: thread.kept.customerWroteAt,
      };
      const plan = afterDirectorEvent(facts, event, at);
      if (plan) this.#follow(deed, thread, plan, undefined);
      if (event.type === 'work-item-entered') this.#setQueue(deed, thread, event.queue);
    } else this.#further(deed, thread, item, event, at);
    if (deed.threads.size > 0) await this.#parts.writer.commit(deed);
  }

  /** The director was asked what is open, and knows better. */
  async agree(thread: Thread, plan: ItemPlan, queue: QueueId | undefined): Promise<void> {
    const deed = this.#parts.writer.begin();
    this.#follow(deed, thread, plan, queue);
    if (deed.threads.size > 0) await this.#parts.writer.commit(deed);
  }

  /** A further item is over, or went on as another. */
  async agreeFurther(
    thread: Thread,
    item: WorkItemId,
    now: FurtherItem | undefined,
  ): Promise<void> {
    const deed = this.#parts.writer.begin();
    this.#setFurther(deed, thread, item, now);
    await this.#parts.writer.commit(deed);
  }

  /** The director lost the work item, or never had it. */
  async submitAgain(thread: Thread, submission: PlannedSubmission): Promise<void> {
    const { id: conversation, workItem } = thread.head;
    if (!workItem) return;
    const deed = this.#parts.writer.begin();
    deed.call({ workItem, conversation, call: 'submit', submission });
    deed.touch(thread);
    await this.#parts.writer.commit(deed);
  }

  /** How far a journal has been followed becomes durable; nothing is announced. */
  async followed(changes: readonly Change[]): Promise<void> {
    const deed = this.#parts.writer.begin();
    deed.changes.push(...changes);
    await this.#parts.writer.commit(deed);
  }

  #follow(deed: Deed, thread: Thread, plan: ItemPlan, queue: QueueId | undefined): void {
    const { writer, ownerWaits } = this.#parts;
    const { id: conversation, owner, workItem } = thread.head;
    const [next, ...further] = thread.kept.further;
    if (plan.workItem === undefined && next) {
      // its own pass is over, and one that was split from it goes on
      writer.change(deed, thread, { workItem: next.workItem, owner: next.owner }, { further });
      thread.itemState = undefined;
      this.#tellOwner(deed, thread);
      return;
    }
    thread.itemState = plan.itemState;
    const hasMoved = plan.owner !== owner || plan.workItem !== workItem;
    if (queue) this.#setQueue(deed, thread, queue);
    if (!hasMoved && !plan.ended && !plan.customerWrote) return;
    writer.change(
      deed,
      thread,
      {
        owner: plan.owner,
        workItem: plan.workItem,
        ...(plan.ended && { endedAt: deed.at, endedBy: plan.ended }),
      },
      plan.owner === undefined ? {} : { lastOwner: plan.owner },
    );
    if (hasMoved) this.#tellOwner(deed, thread);
    if (plan.ended) deed.facts.push({ type: 'conversation-ended', conversation, by: plan.ended });
    if (plan.customerWrote && plan.workItem) {
      deed.call({ workItem: plan.workItem, conversation, call: 'customer-wrote' });
    }
    ownerWaits.changed(conversation);
  }

  #setQueue(deed: Deed, thread: Thread, queue: QueueId): void {
    if (queue !== thread.head.queue) this.#parts.writer.change(deed, thread, { queue });
  }

  #tellOwner(deed: Deed, { head }: Thread): void {
    deed.facts.push({
      type: 'owner-changed',
      conversation: head.id,
      ...(head.workItem && { workItem: head.workItem }),
      ...(head.owner && { owner: head.owner }),
    });
    this.#parts.ownerWaits.changed(head.id);
  }

  /** A second matter of the same conversation has a pass of its own. */
  #split(deed: Deed, thread: Thread, workItem: WorkItemId): void {
    const { further } = thread.kept;
    if (further.some((item) => item.workItem === workItem)) return;
    this.#parts.writer.change(deed, thread, {}, { further: [...further, { workItem }] });
  }

  #further(deed: Deed, thread: Thread, item: WorkItemId, event: DirectorEvent, at: number): void {
    const known = thread.kept.further.find(({ workItem }) => workItem === item);
    if (!known) return;
    const conversation = { workItem: item, owner: known.owner, endedAt: undefined };
    const facts = { conversation, itemState: undefined, customerWroteAt: undefined };
    const plan = afterDirectorEvent(facts, event, at);
    if (!plan) return;
    const { workItem, owner } = plan;
    if (workItem === item && owner === known.owner) return;
    this.#setFurther(deed, thread, item, workItem && { workItem, ...(owner && { owner }) });
  }

  #setFurther(deed: Deed, thread: Thread, item: WorkItemId, now: FurtherItem | undefined): void {
    const further = thread.kept.further.flatMap((known) =>
      known.workItem === item ? (now ?? []) : known,
    );
    this.#parts.writer.change(
      deed,
      thread,
      {},
      { further, ...(now?.owner && { lastOwner: now.owner }) },
    );
    this.#parts.ownerWaits.changed(thread.head.id);
  }

  /** Two matters are one: the e-mails of one conversation go on in the other. */
  #merged(deed: Deed, from: Thread, item: WorkItemId, other: WorkItemId): void {
    const { conversations, writer } = this.#parts;
    const into = conversations.ofItem(other);
    const over = { workItem: undefined, owner: undefined, itemState: undefined };
    if (item !== from.head.workItem) {
      this.#setFurther(deed, from, item, undefined);
      return;
    }
    if (!into || into === from) {
      this.#follow(deed, from, over, undefined);
      return;
    }
    const after = into.lastNumber;
    const { further } = from.kept;
    writer.change(deed, from, { ...over, endedAt: deed.at, endedBy: 'agent' }, { further: [] });
    const { head, kept } = joined(into, from);
    writer.change(deed, into, head, { ...kept, further: [...into.kept.further, ...further] });
    into.lastNumber += from.lastNumber;
    into.formerly = [...into.formerly, from.head.id, ...from.formerly];
    conversations.merged(from, into);
    const ids = { from: from.head.id, into: into.head.id };
    deed.changes.push({ type: 'conversation-merged', ...ids, after });
    deed.facts.push({
      type: 'conversation-merged',
      conversation: from.head.id,
      into: into.head.id,
    });
  }
}
