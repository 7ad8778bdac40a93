import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import { itemOf } from '#domain/conversation/after-director-event.ts';
import { confereesAfter, confereesOf } from '#domain/conversation/conferees.ts';
import { reconcile } from '#domain/conversation/reconcile.ts';
import type { ItemEnding } from '#domain/conversation/reconcile.ts';
import { AgentId } from '#domain/ids.ts';
import type { Channel, WorkItemId } from '#domain/ids.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { allOpenItems } from '#domain/work-item/whole-centre.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Page, mediaDirector } from '#servers/media-director/contract.ts';
import type { Change } from './changes.ts';
import type { Conversations } from './conversations.ts';
import type { DirectorCalls } from './director-calls.ts';
import type { Passes } from './passes.ts';
import type { ConversationTables } from './tables/conversations.ts';
import { itemsOf } from './thread.ts';
import type { FurtherItem, Thread } from './thread.ts';

/** The medium whose conversations this store keeps. */
const CHANNELS: Channel[] = ['email'];

const STREAM = 'media-director';

/** Events that concern nobody here are counted as followed this often: reading some again costs little. */
const NOTE_EVERY = 1_000;

/** Further events wait when so many decisions are not durable yet. */
const MOST_UNWRITTEN = 200;

/** An item can have moved on several times while this store was away; more often is a mistake. */
const LONGEST_CHAIN = 100;

/** So many items are asked after at once. */
const ENDINGS_AT_ONCE = 1_000;

/** Who closes items whose content is gone. */
const SYSTEM = AgentId.parse('system');

export interface DirectorLinkParts {
  readonly director: Client<typeof mediaDirector>;
  readonly tables: Pick<ConversationTables, 'followed'>;
  readonly conversations: Conversations;
  readonly passes: Passes;
  readonly calls: DirectorCalls;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly health: Health;
}

/**
 * Follows the media director's journal: who owns which conversation, and which are over. After every
 * start, once it has caught up, it compares what both sides hold open.
 */
export class DirectorLink implements AsyncDisposable {
  readonly #parts: DirectorLinkParts;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  readonly #unwritten = new Set<Promise<void>>();
  #noted = 0;

  constructor(parts: DirectorLinkParts) {
    this.#parts = parts;
    this.#running = keepTrying((signal) => this.#follow(signal), {
      clock: parts.clock,
      signal: this.#life.signal,
      failed: (error) =>
        parts.health.report(STREAM, 'degraded', `The media director is away: ${messageOf(error)}`),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
    await Promise.all(this.#unwritten);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { director, tables, health } = this.#parts;
    const held = this.#submitted();
    const { items, position } = await allOpenItems((page?: Page) =>
      director.call.openItems({ channels: CHANNELS, page }, { signal }),
    );
    const followed = await tables.followed(STREAM);
    // a director whose journal is shorter than what was followed has lost some: begin where it is
    const since = followed === undefined || followed > position ? position : followed;
    this.#noted = since;
    let compare: (() => Promise<void>) | undefined = () => this.#reconcile(held, items, position);
    if (since === position) {
      await compare();
      compare = undefined;
    }
    health.report(STREAM, 'good');
    for await (const { event, cursor } of director.follow.journal({ since, signal })) {
      this.#take(event);
      if (this.#unwritten.size >= MOST_UNWRITTEN) await Promise.all(this.#unwritten);
      if (compare && cursor >= position) {
        await compare();
        compare = undefined;
      }
    }
  }

  /** Decides at once, in the order of the journal; what was decided becomes durable in that order too. */
  #take({ body, at, position }: DirectorRecord): void {
    const { conversations, passes } = this.#parts;
    const followed: Change[] = [{ type: 'followed', stream: STREAM, position }];
    // what went on as another may have been told of under either id
    const items =
      body.type === 'work-item-entered'
        ? [body.previous, body.splitFrom, body.item]
        : [itemOf(body)];
    const item = items.find((each) => each && conversations.ofItem(each));
    const thread = item && conversations.ofItem(item);
    if (thread && item === thread.head.workItem && itemOf(body)) {
      passes.conferring(thread, confereesAfter(thread.conferees, body));
    }
    if (thread && item) this.#write(passes.after(thread, item, body, at, followed));
    if (position - this.#noted < NOTE_EVERY) return;
    this.#noted = position;
    this.#write(passes.followed(followed));
  }

  #write(written: Promise<void>): void {
    const { trace } = this.#parts;
    const done = written
      .catch((error: unknown) => trace.fault('director.unfollowed', error))
      .finally(() => this.#unwritten.delete(done));
    this.#unwritten.add(done);
  }

  /** Work items that the director must know: to be taken before it is asked what is open. */
  #submitted(): { thread: Thread; item: WorkItemId }[] {
    const { conversations, calls } = this.#parts;
    return conversations
      .withWorkItem()
      .flatMap((thread) => itemsOf(thread).map((item) => ({ thread, item })))
      .filter(({ item }) => !calls.isUnsubmitted(item));
  }

  /** Makes both sides agree on what is open; the director is right about everything but content. */
  async #reconcile(
    held: readonly { thread: Thread; item: WorkItemId }[],
    items: readonly OpenWorkItem[],
    position: number,
  ): Promise<void> {
    const { passes, trace } = this.#parts;
    const open = new Map(items.map((item) => [item.id, item]));
    const endings = await this.#endingsOf(
      held.map(({ item }) => item).filter((id) => !open.has(id)),
    );
    for (const { thread, item } of held) {
      if (item === thread.head.workItem) await this.#agree(thread, open, endings);
      else await this.#agreeFurther(thread, item, open, endings);
    }
    for (const item of items) await this.#checkContent(item);
    await passes.followed([{ type: 'followed', stream: STREAM, position }]);
    trace.info('director.reconciled', { open: items.length, position });
  }

  async #agree(
    thread: Thread,
    open: ReadonlyMap<WorkItemId, OpenWorkItem>,
    endings: ReadonlyMap<WorkItemId, ItemEnding>,
  ): Promise<void> {
    const { passes, trace } = this.#parts;
    const { workItem } = thread.head;
    let item = workItem;
    for (let step = 0; item && step < LONGEST_CHAIN; step++) {
      const found = open.get(item);
      const ending = found ? undefined : (endings.get(item) ?? (await this.#endingOf(item)));
      if (thread.head.workItem !== workItem) return; // something newer has come meanwhile
      const facts = {
        conversation: thread.head,
        itemState: thread.itemState,
        customerWroteAt: thread.kept.customerWroteAt,
      };
      const result = reconcile(facts, found, ending);
      if (found) passes.conferring(thread, confereesOf(found));
      if (result.type === 'agreed') return;
      trace.info('director.disagreed', { conversation: thread.head.id, item, ...result });
      if (result.type === 'changed') return passes.agree(thread, result.plan, found?.queue);
      if (result.type === 'submit') return this.#submitAgain(thread);
      item = result.to;
    }
  }

  /** The director lost it: it goes where it was, with the age of the newest mail. */
  async #submitAgain(thread: Thread): Promise<void> {
    const { queue, openedAt } = thread.head;
    const enteredAt = thread.kept.customerWroteAt ?? openedAt;
    const preferredAgent = thread.kept.lastOwner;
    if (queue) await this.#parts.passes.submitAgain(thread, { queue, enteredAt, preferredAgent });
  }

  async #agreeFurther(
    thread: Thread,
    item: WorkItemId,
    open: ReadonlyMap<WorkItemId, OpenWorkItem>,
    endings: ReadonlyMap<WorkItemId, ItemEnding>,
  ): Promise<void> {
    const { passes } = this.#parts;
    let at: WorkItemId | undefined = item;
    for (let step = 0; at && step < LONGEST_CHAIN; step++) {
      const found = open.get(at);
      if (found) return passes.agreeFurther(thread, item, furtherOf(found));
      const ending: ItemEnding | undefined = endings.get(at) ?? (await this.#endingOf(at));
      at = ending?.ending === 'transferred' ? ending.to : undefined;
    }
    await passes.agreeFurther(thread, item, undefined);
  }

  async #endingOf(item: WorkItemId): Promise<ItemEnding | undefined> {
    return (await this.#endingsOf([item])).get(item);
  }

  async #endingsOf(items: readonly WorkItemId[]): Promise<Map<WorkItemId, ItemEnding>> {
    const { director } = this.#parts;
    const { signal } = this.#life;
    const all = new Map<WorkItemId, ItemEnding>();
    for (let at = 0; at < items.length; at += ENDINGS_AT_ONCE) {
      const asked = items.slice(at, at + ENDINGS_AT_ONCE);
      const { endings } = await director.call.endings({ items: asked }, { signal });
      for (const ending of endings) all.set(ending.item, ending);
    }
    return all;
  }

  /** An item whose conversation is not here can never be answered. */
  async #checkContent(item: OpenWorkItem): Promise<void> {
    const { conversations, director, trace } = this.#parts;
    if (conversations.ofItem(item.id) ?? (await conversations.find(item.conversation))) return;
    trace.warning('director.item-without-content', {
      item: item.id,
      conversation: item.conversation,
    });
    const { signal } = this.#life;
    try {
      await director.call.forceClose({ item: item.id, by: SYSTEM }, { signal });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error; // it has been closed meanwhile
    }
  }
}

function furtherOf({ id: workItem, state, agent }: OpenWorkItem): FurtherItem {
  const isOwned = state === 'accepted' || state === 'awaiting-customer';
  return isOwned && agent ? { workItem, owner: agent } : { workItem };
}
