import type { ConversationId, WorkItemId } from '#domain/ids.ts';
import { itemsOf, threadOf } from './thread.ts';
import type { StoredConversation, Thread } from './thread.ts';

/** How many are looked at to make room for one: those that must stay go to the end. */
const LOOKS = 64;

/** Where conversations come from that are not in memory: these, and of those that were merged the ones they are in now. */
export interface ConversationSource {
  conversations(ids: readonly ConversationId[]): Promise<StoredConversation[]>;
}

/**
 * The conversations in memory: all whose work item is open, and of the others those that were asked
 * for last. One copy of each, ever, so that numbers cannot be given twice. Who asks for one that was
 * merged gets the one it is in now.
 */
export class Conversations {
  readonly #source: ConversationSource;
  readonly #kept: number;
  /** Least recently used first. */
  readonly #threads = new Map<ConversationId, Thread>();
  /** Those that were merged into one in memory. */
  readonly #merged = new Map<ConversationId, ConversationId>();
  readonly #loading = new Map<ConversationId, Promise<unknown>>();
  readonly #byItem = new Map<WorkItemId, ConversationId>();

  /** @param kept How many without an open work item are kept. */
  constructor(source: ConversationSource, kept: number) {
    this.#source = source;
    this.#kept = kept;
  }

  /** How many work items are open. */
  get open(): number {
    return this.#byItem.size;
  }

  /** The conversations whose work item is open. */
  withWorkItem(): Thread[] {
    return [...new Set(this.#byItem.values())].flatMap((id) => this.#threads.get(id) ?? []);
  }

  /** Whatever is in memory, without asking the tables. */
  peek(id: ConversationId): Thread | undefined {
    return this.#threads.get(this.#merged.get(id) ?? id);
  }

  ofItem(item: WorkItemId): Thread | undefined {
    const id = this.#byItem.get(item);
    return id && this.#threads.get(id);
  }

  /** The conversation, from memory or the tables. */
  async find(id: ConversationId): Promise<Thread | undefined> {
    if (!this.peek(id)) await this.#load([id]);
    return this.#use(id);
  }

  /** Those of these that there are, each once. */
  async findAll(ids: readonly ConversationId[]): Promise<Thread[]> {
    const missing = ids.filter((id) => !this.peek(id));
    if (missing.length > 0) await this.#load(missing);
    return [...new Set(ids.flatMap((id) => this.#use(id) ?? []))];
  }

  /** Takes in a conversation that is new or comes from the tables. */
  add(thread: Thread): Thread {
    const { id } = thread.head;
    this.#threads.set(id, thread);
    for (const formerly of thread.formerly) this.#merged.set(formerly, id);
    for (const item of itemsOf(thread)) this.#byItem.set(item, id);
    this.#makeRoom();
    return thread;
  }

  /** To be said whenever the work items of a conversation have changed. */
  itemsChanged(thread: Thread, before: readonly WorkItemId[]): void {
    for (const item of before) this.#byItem.delete(item);
    for (const item of itemsOf(thread)) this.#byItem.set(item, thread.head.id);
  }

  /** From now on one is the other. */
  merged(from: Thread, into: Thread): void {
    this.#threads.delete(from.head.id);
    for (const id of [from.head.id, ...from.formerly]) this.#merged.set(id, into.head.id);
    for (const item of itemsOf(from)) this.#byItem.set(item, into.head.id);
  }

  /** Forgets a conversation whose last change did not become durable: the tables know how it stands. */
  drop(thread: Thread): void {
    if (this.#threads.get(thread.head.id) === thread) this.#forget(thread);
  }

  #use(id: ConversationId): Thread | undefined {
    const thread = this.peek(id);
    if (!thread || this.#threads.size <= this.#kept) return thread;
    this.#threads.delete(thread.head.id); // to the end: used last
    this.#threads.set(thread.head.id, thread);
    return thread;
  }

  /** Each is asked for once, however many want it. */
  async #load(ids: readonly ConversationId[]): Promise<void> {
    const waits = new Set(ids.flatMap((id) => this.#loading.get(id) ?? []));
    const fresh = ids.filter((id) => !this.#loading.has(id));
    if (fresh.length > 0) {
      const loading = this.#fetch(fresh);
      for (const id of fresh) this.#loading.set(id, loading);
      waits.add(loading);
    }
    await Promise.all(waits);
  }

  async #fetch(ids: readonly ConversationId[]): Promise<void> {
    try {
      for (const stored of await this.#source.conversations(ids)) {
        if (!this.#threads.has(stored.conversation.id)) this.add(threadOf(stored));
      }
    } finally {
      for (const id of ids) this.#loading.delete(id);
    }
  }

  #forget(thread: Thread): void {
    this.#threads.delete(thread.head.id);
    for (const id of thread.formerly) this.#merged.delete(id);
    for (const item of itemsOf(thread)) this.#byItem.delete(item);
  }

  /** What is with the director stays, and so does what somebody is at work on. */
  #makeRoom(): void {
    let over = this.#threads.size - this.#byItem.size - this.#kept;
    let looks = LOOKS;
    for (const [id, thread] of this.#threads) {
      if (over <= 0 || looks-- === 0) return;
      this.#threads.delete(id);
      if (thread.head.workItem === undefined && thread.held === 0) {
        this.#forget(thread);
        over--;
      } else this.#threads.set(id, thread);
    }
  }
}
