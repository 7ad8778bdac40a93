import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { inBatches } from '#base/in-batches.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { allOpenItems } from '#domain/work-item/whole-centre.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { mediaDirector } from '#servers/media-director/contract.ts';
import { openTasks, type OpenItems } from './open-items.ts';
import type { Outbox } from './outbox.ts';
import { afterEnding } from './rules/after-ending.ts';
import { afterEvent } from './rules/after-event.ts';
import { actorOf } from './rules/submission.ts';
import type { Storage, TaskChange } from './storage.ts';

export interface DirectorFollowerParts {
  readonly director: Client<typeof mediaDirector>;
  readonly storage: Storage;
  readonly open: OpenItems;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly health: Health;
}

/** Events that concern no task are noted as followed this often: reading some again costs little. */
const NOTE_EVERY = 1_000;

/** Stored in one transaction. */
const MOST_AT_ONCE = 500;

/** Nobody waits for what is stored here; many small transactions would hold up those that somebody waits for. */
const APART: Milliseconds = 50;

const SYSTEM = actorOf('system');

/**
 * Follows the media director's journal: which tasks are over, and which went on as another work item.
 * Whenever it begins, it compares what both sides hold open as soon as it has caught up.
 */
export class DirectorFollower implements AsyncDisposable {
  readonly #parts: DirectorFollowerParts;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;

  constructor(parts: DirectorFollowerParts) {
    this.#parts = parts;
    this.#running = keepTrying((signal) => this.#follow(signal), {
      clock: parts.clock,
      signal: this.#life.signal,
      failed: (error) => {
        parts.health.report(
          'director',
          'degraded',
          `The media director is away: ${messageOf(error)}`,
        );
      },
    });
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { director, storage, health } = this.#parts;
    const snapshot = await allOpenItems((page) =>
      director.call.openItems({ channels: ['task'], page }, { signal }),
    );
    const { position } = snapshot;
    const followed = await storage.followed();
    if (followed === undefined) await storage.apply([], position); // from here on nothing is missed
    // a director whose journal is shorter than what was followed has lost some: begin where it is
    const since = followed === undefined || followed > position ? position : followed;
    health.report('director', 'good');
    // compared when this side has read as far as the snapshot: before, endings would only seem to be missing
    if ((await this.#readOn(since, signal, position)) < position) return;
    await this.#reconcile(snapshot.items, signal);
    await this.#readOn(position, signal);
  }

  /** Takes in what happens behind `since`, up to the end of the stream, or only `until` there. @returns How far. */
  async #readOn(since: number, signal: AbortSignal, until = Infinity): Promise<number> {
    if (since >= until) return since;
    const { clock } = this.#parts;
    const batches = inBatches((ends) => this.#events(since, until, ends), {
      clock,
      signal,
      most: MOST_AT_ONCE,
      apart: APART,
    });
    let noted = since;
    let reached = since;
    for await (const events of batches) {
      const changes = events.flatMap(afterEvent);
      reached = events.at(-1)?.position ?? reached;
      noted = await this.#take(changes, reached, noted);
      if (until < Infinity) continue; // compared as a whole in a moment
      const over = new Set(changes.flatMap((change) => (isOver(change) ? [change.item] : [])));
      for (const { body } of events.filter(isNewTask)) {
        if (!over.has(body.item)) await this.#checkContent(body.item, signal);
      }
    }
    return reached;
  }

  async *#events(
    since: number,
    until: number,
    signal: AbortSignal,
  ): AsyncGenerator<DirectorRecord, void> {
    const { journal } = this.#parts.director.follow;
    for await (const { event } of journal({ since, signal })) {
      if (event.position <= until) yield event;
      if (event.position >= until) return;
    }
  }

  /** Takes changes in, which reach up to `position`. @returns Up to where the journal is noted as followed. */
  async #take(changes: readonly TaskChange[], position: number, noted: number): Promise<number> {
    const { open, storage } = this.#parts;
    if (await open.apply(changes, position)) return position;
    if (position - noted < NOTE_EVERY) return noted;
    await storage.apply([], position);
    return position;
  }

  /** Makes both sides agree on what is open: the director is right about everything but content. */
  async #reconcile(items: readonly OpenWorkItem[], signal: AbortSignal): Promise<void> {
    const { storage, open, outbox, trace } = this.#parts;
    const theirs = new Set(items.map((item) => item.id));
    for await (const page of openTasks(storage)) {
      const gone = page.filter(({ task }) => !theirs.has(task.workItem));
      const submitted = gone
        .filter(({ isSubmitted }) => isSubmitted)
        .map(({ task }) => task.workItem);
      const unheard = await this.#takeEndings(
        gone.map(({ task }) => task.workItem),
        theirs,
        signal,
      );
      const lost = submitted.filter((item) => unheard.has(item));
      if (lost.length > 0) trace.warning('director.items-lost', { items: lost.length });
      await storage.submitAgain(lost);
      if (lost.length > 0) outbox.lookAgain();
    }
    await open.apply(items.map(({ id, queue }) => ({ type: 'queued', item: id, queue })));
    for (const item of items) await this.#checkContent(item.id, signal);
    trace.info('director.reconciled', { open: items.length });
  }

  /** Takes in how items ended, through every transfer. @returns Those the director never heard of. */
  async #takeEndings(
    gone: readonly WorkItemId[],
    theirs: ReadonlySet<WorkItemId>,
    signal: AbortSignal,
  ): Promise<ReadonlySet<WorkItemId>> {
    const { director, open, clock } = this.#parts;
    const unheard = new Set<WorkItemId>();
    for (let items = [...gone]; items.length > 0;) {
      const { endings } = await director.call.endings({ items }, { signal });
      // What was merged first: it names the other by the item that a transfer would take away.
      const changes = endings
        .map((ending) => afterEnding(ending, clock.now()))
        .toSorted((a, b) => Number(b.type === 'merged') - Number(a.type === 'merged'));
      await open.apply(changes);
      const ended = new Set(endings.map(({ item }) => item));
      for (const item of items) if (!ended.has(item)) unheard.add(item);
      items = changes.flatMap((change) =>
        change.type === 'moved' && !theirs.has(change.to) ? [change.to] : [],
      );
    }
    return unheard;
  }

  /** An item without an open task here can never be worked on: its task was taken back, or is lost. */
  async #checkContent(item: WorkItemId, signal: AbortSignal): Promise<void> {
    const { director, open, trace } = this.#parts;
    if (open.has(item)) return;
    trace.warning('director.item-without-task', { item });
    await director.call.forceClose({ item, by: SYSTEM }, { signal }).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error; // it is closed already
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }
}

/** Whether the work item goes on no more under this id. */
const isOver = ({ type }: TaskChange): boolean =>
  type === 'closed' || type === 'moved' || type === 'merged';

type NewTask = DirectorRecord & { readonly body: { readonly type: 'work-item-entered' } };

const isNewTask = (event: DirectorRecord): event is NewTask =>
  event.body.type === 'work-item-entered' && event.body.channel === 'task';
