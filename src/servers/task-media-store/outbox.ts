import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import { Together } from '#base/together.ts';
import { type Clock, type Milliseconds, minutes } from '#base/time.ts';
import type { ConversationId } from '#domain/ids.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { mediaDirector } from '#servers/media-director/contract.ts';
import type { OpenItems } from './open-items.ts';
import { afterEnding } from './rules/after-ending.ts';
import { actorOf, submissionOf } from './rules/submission.ts';
import type { Storage, StoredTask } from './storage.ts';

export interface OutboxParts {
  readonly director: Client<typeof mediaDirector>;
  readonly storage: Storage;
  readonly open: OpenItems;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly health: Health;
}

/** What came of telling the director: `refused` where it has no such queue, `later` where it is away. */
export type Told = 'told' | 'refused' | 'later';

/** Tasks told of at once when the director is back: it commits them together. */
const AT_ONCE = 64;
/** A queue that is not in use may be brought back: its tasks are tried again. */
const REFUSED_AGAIN: Milliseconds = minutes(1);
/** Refused tasks remembered; of more, some are tried again sooner. */
const MOST_REFUSED = 10_000;
/** A transfer may overtake a cancellation that often. */
const MOST_MOVES = 10;

/**
 * Tells the media director of new tasks and of those taken back, again and again until it has acknowledged.
 * What is to be told stands in the table, so a restart loses nothing; telling twice has the effect of once.
 */
export class Outbox implements AsyncDisposable {
  readonly #parts: OutboxParts;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  readonly #submitted: Together<ConversationId>;
  /** Tasks being told of: each one at a time. */
  readonly #telling = new Map<ConversationId, Promise<Told>>();
  /** Ends a submission that still waits for the director. */
  readonly #submitting = new Map<ConversationId, AbortController>();
  /** When to try those again whose queue is not in use. */
  readonly #refused = new Map<ConversationId, Milliseconds>();
  /** There may be more to tell than the last look has shown. */
  #hasNews = false;
  #wake: (() => void) | undefined;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#submitted = new Together((tasks) => parts.storage.markSubmitted(tasks));
    this.#running = keepTrying((signal) => this.#run(signal), {
      clock: parts.clock,
      signal: this.#life.signal,
      failed: (error) => {
        const words = `Tasks wait, because the media director cannot be told: ${messageOf(error)}`;
        parts.health.report('outbox', 'degraded', words);
      },
    });
  }

  /** Tells of a task that has just been stored, and goes on doing so later where that does not succeed in time. */
  submit(stored: StoredTask, within: Milliseconds): Promise<Told> {
    return this.#inTime(this.#orLater(this.#tellOnce(stored)), within);
  }

  /** Tells what is to be told of a task now, and goes on as `submit` does. */
  tell(id: ConversationId, within: Milliseconds): Promise<Told> {
    return this.#inTime(this.#orLater(this.#tellNewest(id)), within);
  }

  async #inTime(told: Promise<Told>, within: Milliseconds): Promise<Told> {
    const done = new AbortController();
    const late = pause(this.#parts.clock, within, done.signal).then((): Told => 'later');
    try {
      return await Promise.race([told, late]);
    } finally {
      done.abort();
    }
  }

  /** The task is gone from the table: a submission that still waits for the director is not made any more. */
  forget(id: ConversationId): void {
    this.#submitting.get(id)?.abort();
  }

  /** There is something new to tell in the table. */
  lookAgain(): void {
    this.#hasNews = true;
    this.#wake?.();
  }

  async #tellNewest(id: ConversationId): Promise<Told> {
    await this.#telling.get(id)?.catch(() => undefined); // what is under way may be older news
    const [stored] = await this.#parts.storage.tasks([id]);
    return stored ? this.#tellOnce(stored) : 'told';
  }

  async #orLater(told: Promise<Told>): Promise<Told> {
    try {
      return await told;
    } catch (error) {
      if (!isPassing(error) && !this.#life.signal.aborted) throw error;
      this.lookAgain();
      return 'later';
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { storage, health } = this.#parts;
    while (!signal.aborted) {
      this.#forgetRefused();
      this.#hasNews = false;
      const pending = await storage.pending([...this.#refused.keys()], AT_ONCE);
      await Promise.all(pending.map((stored) => this.#tellOnce(stored)));
      health.report('outbox', 'good');
      if (pending.length === 0 && !this.#hasNews) await this.#news(signal);
    }
  }

  /** Resolves when there may be something to tell: somebody said so, or refused tasks are due. */
  async #news(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(this.#parts.clock, REFUSED_AGAIN, AbortSignal.any([signal, woken.signal]));
    this.#wake = undefined;
  }

  #tellOnce(stored: StoredTask): Promise<Told> {
    const { id } = stored.task;
    const under = this.#telling.get(id);
    if (under) return under;
    const work =
      stored.cancelledBy === undefined
        ? this.#submit(stored)
        : this.#withdraw(stored, stored.cancelledBy);
    const told = work.finally(() => this.#telling.delete(id));
    this.#telling.set(id, told);
    return told;
  }

  async #submit(stored: StoredTask): Promise<Told> {
    const { director, trace } = this.#parts;
    const { id, queue } = stored.task;
    if (stored.isSubmitted) return 'told';
    const forgotten = new AbortController();
    const signal = AbortSignal.any([this.#life.signal, forgotten.signal]);
    this.#submitting.set(id, forgotten);
    try {
      await director.call.submit({ item: submissionOf(stored) }, { signal });
    } catch (error) {
      if (!(error instanceof Refusal) || isPassing(error)) throw error;
      trace.warning('task.refused', { task: id, queue }, error);
      this.#refuse(id);
      return 'refused';
    } finally {
      this.#submitting.delete(id);
    }
    await this.#submitted.add(id);
    this.#refused.delete(id);
    return 'told';
  }

  /** Closes the task's item wherever it is; whatever has become of it meanwhile is taken in. */
  async #withdraw(stored: StoredTask, by: string): Promise<Told> {
    const { director, open, clock } = this.#parts;
    const { signal } = this.#life;
    let item = stored.task.workItem;
    for (let moves = 0; moves < MOST_MOVES; moves++) {
      const isClosed = await director.call
        .forceClose({ item, by: actorOf(by) }, { signal })
        .then(() => true, isUnknownItem);
      const { endings } = isClosed
        ? { endings: [] }
        : await director.call.endings({ items: [item] }, { signal });
      const [ending] = endings;
      const change = ending
        ? afterEnding(ending, clock.now())
        : ({ type: 'closed', item, at: clock.now() } as const);
      await open.apply([change]);
      if (change.type !== 'moved') break;
      item = change.to;
    }
    this.#refused.delete(stored.task.id);
    return 'told';
  }

  #refuse(id: ConversationId): void {
    const { clock, health } = this.#parts;
    if (this.#refused.size < MOST_REFUSED) this.#refused.set(id, clock.monotonic() + REFUSED_AGAIN);
    const words =
      'Tasks wait for a queue that is not in use: bring it back, or take the tasks back';
    health.report('queues', 'degraded', words);
  }

  #forgetRefused(): void {
    const now = this.#parts.clock.monotonic();
    for (const [id, again] of this.#refused) if (again <= now) this.#refused.delete(id);
    if (this.#refused.size === 0) this.#parts.health.report('queues', 'good');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
    await Promise.allSettled(this.#telling.values());
  }
}

/** Whether the same call may succeed later. */
const isPassing = (error: unknown): boolean =>
  error instanceof CallFailure || (error instanceof Refusal && error.code === 'busy');

/** @returns False: it was not closed now. @throws Whatever else it was. */
function isUnknownItem(error: unknown): false {
  if (error instanceof Refusal && error.code === 'unknown-item') return false;
  throw error;
}
