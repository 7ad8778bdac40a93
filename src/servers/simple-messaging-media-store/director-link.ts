import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import { AgentId } from '#domain/ids.ts';
import type { Channel, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { allOpenItems } from '#domain/work-item/whole-centre.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Page, mediaDirector } from '#servers/media-director/contract.ts';
import type { Conversations } from './conversations.ts';
import type { DirectorCalls } from './director-calls.ts';
import type { Messaging } from './messaging.ts';
import { afterDirectorEvent, itemOf } from '#domain/conversation/after-director-event.ts';
import { confereesAfter, confereesOf } from '#domain/conversation/conferees.ts';
import { reconcile } from '#domain/conversation/reconcile.ts';
import type { ItemEnding } from '#domain/conversation/reconcile.ts';
import type { Tables } from './tables/tables.ts';
import type { Change, Thread } from './thread.ts';

/** The media whose conversations this store keeps. */
const CHANNELS: Channel[] = ['web-chat', 'sms', 'xmpp'];

const STREAM = 'media-director';

/** Events that concern nobody here are counted as followed this often: reading some again costs little. */
const NOTE_EVERY = 1_000;

/** Further events wait when so many decisions are not durable yet. */
const MOST_UNWRITTEN = 200;

/** An item can have moved on several times while this store was away; more often is a mistake. */
const LONGEST_CHAIN = 100;

/** Who closes items whose content is gone. */
const SYSTEM = AgentId.parse('system');

export interface DirectorLinkParts {
  readonly director: Client<typeof mediaDirector>;
  readonly tables: Tables;
  readonly conversations: Conversations;
  readonly messaging: Messaging;
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
  #take(record: DirectorRecord): void {
    const { conversations, messaging } = this.#parts;
    const { body, at, position } = record;
    const followed: Change[] = [{ type: 'followed', stream: STREAM, position }];
    const item = body.type === 'work-item-entered' ? (body.previous ?? body.item) : itemOf(body);
    const thread = item && conversations.ofItem(item);
    const plan = thread && afterDirectorEvent(thread, body, at);
    if (thread && itemOf(body))
      messaging.conferring(thread, confereesAfter(thread.conferees, body));
    if (thread && plan) this.#write(messaging.follow(thread, plan, followed));
    if (position - this.#noted < NOTE_EVERY) return;
    this.#noted = position;
    this.#write(messaging.followed(followed));
  }

  #write(written: Promise<void>): void {
    const { trace } = this.#parts;
    const done = written
      .catch((error: unknown) => trace.fault('director.unfollowed', error))
      .finally(() => this.#unwritten.delete(done));
    this.#unwritten.add(done);
  }

  /** The conversations whose item the director must know: to be taken before it is asked what is open. */
  #submitted(): Thread[] {
    const { conversations, calls } = this.#parts;
    return conversations
      .withWorkItem()
      .filter(({ conversation: { workItem } }) => workItem && !calls.isUnsubmitted(workItem));
  }

  /** Makes both sides agree on what is open; the director is right about everything but content. */
  async #reconcile(
    held: readonly Thread[],
    items: readonly OpenWorkItem[],
    position: number,
  ): Promise<void> {
    const { messaging, trace } = this.#parts;
    const open = new Map(items.map((item) => [item.id, item]));
    for (const thread of held) await this.#agree(thread, open);
    for (const item of items) await this.#checkContent(item);
    await messaging.followed([{ type: 'followed', stream: STREAM, position }]);
    trace.info('director.reconciled', { open: items.length, position });
  }

  async #agree(thread: Thread, open: ReadonlyMap<WorkItemId, OpenWorkItem>): Promise<void> {
    const { messaging, trace } = this.#parts;
    const { workItem } = thread.conversation;
    let item = workItem;
    for (let step = 0; item && step < LONGEST_CHAIN; step++) {
      const found = open.get(item);
      const ending = found ? undefined : await this.#endingOf(item);
      if (thread.conversation.workItem !== workItem) return; // something newer has come meanwhile
      const result = reconcile(thread, found, ending);
      if (found) messaging.conferring(thread, confereesOf(found));
      if (result.type === 'agreed') return;
      trace.info('director.disagreed', { conversation: thread.conversation.id, item, ...result });
      if (result.type === 'changed') return messaging.follow(thread, result.plan, []);
      if (result.type === 'submit') return messaging.submitAgain(thread);
      item = result.to;
    }
  }

  async #endingOf(item: WorkItemId): Promise<ItemEnding | undefined> {
    const { director } = this.#parts;
    const { signal } = this.#life;
    const { endings } = await director.call.endings({ items: [item] }, { signal });
    return endings[0];
  }

  /** An item whose conversation is not here can never be answered. */
  async #checkContent(item: OpenWorkItem): Promise<void> {
    const { conversations, director, trace } = this.#parts;
    if (await conversations.find(item.conversation)) return;
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
