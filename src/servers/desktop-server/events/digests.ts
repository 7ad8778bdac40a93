import { seconds } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import type { ConversationId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Summary } from '../api/work.ts';
import type { Rooms } from '../rooms.ts';
import {
  type Digest,
  EMPTY_DIGEST,
  conversationOf,
  digestOf,
  digestOfEmails,
  digestOfTask,
  mergeDigests,
  nextDigest,
  summaryOf,
} from '../rules/summary.ts';
import type { CentreFeed, KeptStep } from './centre-feed.ts';
import type { EmailFeed, KeptEmailFact } from './email-feed.ts';
import type { KeptMessage, MessagingFeed } from './messaging-feed.ts';

/** Changes within this time are told once: a busy conversation changes several times a second. */
const TELL_AFTER = seconds(0.1);
/** How long new conversations are collected before the stores are asked for all at once. */
const READ_AFTER = seconds(0.02);
const READ_AGAIN_AFTER = seconds(2);
/** As many as the stores' contracts allow in one question. */
const MOST_AT_ONCE = 1_000;

export interface DigestsOptions {
  readonly rooms: Rooms;
  readonly centre: CentreFeed;
  readonly messaging: MessagingFeed;
  readonly emails: EmailFeed;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Some summaries changed. */
  readonly changed: (conversations: ReadonlySet<ConversationId>) => void;
}

/** What lists show of each open work item: read from the stores once, then kept by following the journal. */
export class Digests implements Disposable {
  readonly #options: DigestsOptions;
  readonly #digests = new Map<ConversationId, Digest>();
  readonly #unread = new Set<ConversationId>();
  readonly #changed = new Set<ConversationId>();
  readonly #life = new AbortController();
  readonly #stops = new DisposableStack();
  #reading: Disposable | undefined;
  #telling: Disposable | undefined;

  constructor(options: DigestsOptions) {
    this.#options = options;
    const reset = () => this.#reset();
    this.#stops.use(options.centre.listen({ step: (step) => this.#step(step), reset }));
    const sign = () => undefined;
    const message = (entry: KeptMessage) => this.#message(entry);
    this.#stops.use(options.messaging.listen({ event: message, sign }));
    const email = (entry: KeptEmailFact) => this.#email(entry);
    this.#stops.use(options.emails.listen({ event: email, sign }));
  }

  /** What is known of an item's content; nothing until its store has answered. */
  summaryOf({ id, conversation }: OpenWorkItem): Summary | undefined {
    const digest = this.#digests.get(conversation);
    return digest && summaryOf(id, digest);
  }

  /** Whether it changed behind `position` of the messaging journal. */
  hasChanged({ conversation }: OpenWorkItem, position: number): boolean {
    return (this.#digests.get(conversation)?.position ?? 0) > position;
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    this.#stops.dispose();
    this.#reading?.[Symbol.dispose]();
    this.#telling?.[Symbol.dispose]();
  }

  #reset(): void {
    const open = new Set(this.#options.centre.centre.items.values().map((i) => i.conversation));
    for (const conversation of this.#digests.keys()) {
      if (!open.has(conversation)) this.#digests.delete(conversation);
    }
    for (const conversation of open) this.#unread.add(conversation);
    this.#readSoon(READ_AFTER);
  }

  #step({ before, after }: KeptStep): void {
    if (after && !before) {
      this.#unread.add(after.conversation);
      this.#readSoon(READ_AFTER);
    } else if (before && !after && !this.#options.centre.itemOf(before.conversation)) {
      this.#digests.delete(before.conversation);
      this.#unread.delete(before.conversation);
    }
  }

  #message({ position, body }: KeptMessage): void {
    const conversation = conversationOf(body);
    if (!this.#options.centre.itemOf(conversation)) return;
    const known = this.#digests.get(conversation) ?? EMPTY_DIGEST;
    if (position <= known.position) return;
    const next = nextDigest(known, position, body);
    if (next !== known) this.#set(conversation, next);
  }

  /** Facts hold no content: what lists show of it is read again. */
  #email({ body }: KeptEmailFact): void {
    if (!('conversation' in body) || !this.#options.centre.itemOf(body.conversation)) return;
    this.#unread.add(body.conversation);
    this.#readSoon(READ_AFTER);
  }

  #set(conversation: ConversationId, digest: Digest): void {
    this.#digests.set(conversation, digest);
    this.#changed.add(conversation);
    this.#telling ??= this.#options.clock.after(TELL_AFTER, () => {
      this.#telling = undefined;
      const changed = new Set(this.#changed);
      this.#changed.clear();
      this.#options.changed(changed);
    });
  }

  #readSoon(after: number): void {
    if (this.#unread.size === 0 || this.#life.signal.aborted) return;
    this.#reading ??= this.#options.clock.after(after, () => {
      void this.#read().then(
        () => this.#readAgain(READ_AFTER),
        (error: unknown) => {
          if (this.#life.signal.aborted) return;
          this.#options.trace.warning('summaries.not-read', {}, error);
          this.#readAgain(READ_AGAIN_AFTER);
        },
      );
    });
  }

  #readAgain(after: number): void {
    this.#reading = undefined;
    this.#readSoon(after);
  }

  async #read(): Promise<void> {
    const wanted = [...this.#unread].slice(0, MOST_AT_ONCE);
    const {
      task = [],
      email = [],
      other = [],
    } = Object.groupBy(wanted, (id) => {
      const channel = this.#options.centre.itemOf(id)?.channel;
      return channel === 'task' || channel === 'email' ? channel : 'other';
    });
    await Promise.all([
      this.#readTasks(task),
      this.#readEmails(email),
      this.#readConversations(other),
    ]);
  }

  async #readTasks(ids: ConversationId[]): Promise<void> {
    if (ids.length === 0) return;
    const { tasks } = await this.#options.rooms.tasks.call.read(
      { tasks: ids },
      { signal: this.#life.signal },
    );
    for (const task of tasks) this.#set(task.id, digestOfTask(task));
    for (const id of ids) this.#unread.delete(id);
  }

  async #readEmails(ids: ConversationId[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.#unread.delete(id); // a fact that comes meanwhile asks again
    try {
      const { summaries } = await this.#options.rooms.mail.call.summarise(
        { conversations: ids },
        { signal: this.#life.signal },
      );
      for (const summary of summaries) {
        this.#set(summary.conversation.id, digestOfEmails(summary));
      }
    } catch (error) {
      for (const id of ids) this.#unread.add(id);
      throw error;
    }
  }

  async #readConversations(ids: ConversationId[]): Promise<void> {
    if (ids.length === 0) return;
    const { summaries, position } = await this.#options.rooms.messaging.call.summarise(
      { conversations: ids },
      { signal: this.#life.signal },
    );
    for (const { conversation, lastText, lastFrom } of summaries) {
      const read = digestOf(conversation, lastText, lastFrom, position);
      this.#set(conversation.id, mergeDigests(read, this.#digests.get(conversation.id)));
    }
    for (const id of ids) this.#unread.delete(id);
  }
}
