import type { ConversationId, WorkItemId } from '#domain/ids.ts';
import type { StoredConversation, Thread } from './thread.ts';
import { threadOf } from './thread.ts';

/** How many are looked at to make room for one: those that must stay go to the end. */
const LOOKS = 64;

/** Where conversations come from that are not in memory. */
export interface ConversationSource {
  conversation(id: ConversationId): Promise<StoredConversation | undefined>;
}

/**
 * The conversations in memory: all whose work item is open, and of the others those that were asked
 * for last. One copy of each, ever, so that numbers cannot be given twice.
 */
export class Conversations {
  readonly #source: ConversationSource;
  readonly #kept: number;
  /** Least recently used first. */
  readonly #threads = new Map<ConversationId, Thread>();
  readonly #loading = new Map<ConversationId, Promise<Thread | undefined>>();
  readonly #byItem = new Map<WorkItemId, ConversationId>();

  /** @param kept How many without an open work item are kept. */
  constructor(source: ConversationSource, kept: number) {
    this.#source = source;
    this.#kept = kept;
  }

  /** How many have an open work item. */
  get open(): number {
    return this.#byItem.size;
  }

  /** The conversations whose work item is open. */
  withWorkItem(): Thread[] {
    return [...this.#byItem.values()].flatMap((id) => this.#threads.get(id) ?? []);
  }

  /** Whatever is in memory, without asking the tables. */
  peek(id: ConversationId): Thread | undefined {
    return this.#threads.get(id);
  }

  ofItem(item: WorkItemId): Thread | undefined {
    const id = this.#byItem.get(item);
    return id && this.#threads.get(id);
  }

  /** The conversation, from memory or the tables. */
  async find(id: ConversationId): Promise<Thread | undefined> {
    const thread = this.#threads.get(id);
    if (!thread) return this.#load(id);
    if (this.#threads.size > this.#kept) {
      this.#threads.delete(id); // to the end: used last
      this.#threads.set(id, thread);
    }
    return thread;
  }

  /** Takes in a conversation that is new or comes from the tables. */
  add(thread: Thread): Thread {
    const { id, workItem } = thread.conversation;
    this.#threads.set(id, thread);
    if (workItem) this.#byItem.set(workItem, id);
    this.#makeRoom();
    return thread;
  }

  /** To be said whenever the work item of a conversation has changed. */
  itemChanged(thread: Thread, before: WorkItemId | undefined): void {
    const { id, workItem } = thread.conversation;
    if (before) this.#byItem.delete(before);
    if (workItem) this.#byItem.set(workItem, id);
  }

  /** Forgets a conversation whose last change did not become durable: the tables know how it stands. */
  drop(thread: Thread): void {
    const { id, workItem } = thread.conversation;
    if (this.#threads.get(id) !== thread) return;
    this.#threads.delete(id);
    if (workItem) this.#byItem.delete(workItem);
  }

  #load(id: ConversationId): Promise<Thread | undefined> {
    let loading = this.#loading.get(id);
    if (!loading) {
      loading = this.#source
        .conversation(id)
        .then((stored) => this.#threads.get(id) ?? (stored && this.add(threadOf(stored))))
        .finally(() => this.#loading.delete(id));
      this.#loading.set(id, loading);
    }
    return loading;
  }

  /** What is with the director stays, and so does what somebody is at work on. */
  #makeRoom(): void {
    let over = this.#threads.size - this.#byItem.size - this.#kept;
    let looks = LOOKS;
    for (const [id, thread] of this.#threads) {
      if (over <= 0 || looks-- === 0) return;
      this.#threads.delete(id);
      if (thread.conversation.workItem === undefined && thread.held === 0) over--;
      else this.#threads.set(id, thread);
    }
  }
}
