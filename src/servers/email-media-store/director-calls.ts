import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { pause } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { Together } from '#base/together.ts';
import type { AgentId, ContactId, ConversationId, WorkItemId } from '#domain/ids.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { mediaDirector } from '#servers/media-director/contract.ts';
import type { DirectorCall, PlannedSubmission } from './changes.ts';
import type { Thread } from './thread.ts';

/** Items whose calls are under way at the same time: enough to hide the way there and back. */
const AT_ONCE = 32;
const ANSWER_WITHIN: Milliseconds = seconds(5);
/** How long to wait for a director that is away, or for a queue that it does not know yet. */
const PAUSE: Milliseconds = seconds(1);

export interface DirectorCallsParts {
  readonly director: Client<typeof mediaDirector>;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly health: Health;
  readonly thread: (id: ConversationId) => Promise<Thread | undefined>;
  /** Who the customer is, if the directory says so in time. */
  readonly contactOf: (thread: Thread) => Promise<ContactId | undefined>;
  readonly accountOwnerOf: (contact: ContactId) => Promise<AgentId | undefined>;
  /** Takes rows out of the outbox. */
  readonly settle: (calls: readonly DirectorCall[]) => Promise<void>;
}

/**
 * Tells the media director what it must hear, again and again until it has answered: in order for
 * each work item. Each call is in the outbox before it comes here, so a restart goes on with it.
 */
export class DirectorCalls implements AsyncDisposable {
  readonly #parts: DirectorCallsParts;
  readonly #calls = new Map<WorkItemId, DirectorCall[]>();
  /** Items with calls that nobody is at work on, the longest waiting first. */
  readonly #ready = new Set<WorkItemId>();
  readonly #life = new AbortController();
  readonly #workers = new Set<Promise<void>>();
  /** A transaction for each would take all connections, and those who file mail would wait. */
  readonly #settling: Together<DirectorCall>;

  constructor(parts: DirectorCallsParts) {
    this.#parts = parts;
    this.#settling = new Together((calls) => parts.settle(calls));
  }

  /** How many items wait for the director. */
  get waiting(): number {
    return this.#calls.size;
  }

  /** Whether the director has still to be told that this item exists. */
  isUnsubmitted(item: WorkItemId): boolean {
    return this.#calls.get(item)?.some(({ call }) => call === 'submit') ?? false;
  }

  add(call: DirectorCall): void {
    const calls = this.#calls.get(call.workItem);
    if (calls) {
      // one that is under way may have been asked too early; one that waits will do for both
      if (calls.length === 1 || calls.at(-1)?.call !== call.call) calls.push(call);
      return;
    }
    this.#calls.set(call.workItem, [call]);
    this.#ready.add(call.workItem);
    if (this.#workers.size >= AT_ONCE) return;
    const worker = this.#work().finally(() => this.#workers.delete(worker));
    this.#workers.add(worker);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await Promise.all(this.#workers);
  }

  async #work(): Promise<void> {
    const { signal } = this.#life;
    for (let item = this.#next(); item && !signal.aborted; item = this.#next()) {
      const calls = this.#calls.get(item) ?? [];
      while (calls[0] && !signal.aborted) {
        if (!(await this.#tell(calls[0]))) break;
        const done = calls.shift();
        if (done && !calls.some(({ call }) => call === done.call)) await this.#settle(done);
      }
      if (calls.length === 0) this.#calls.delete(item);
      else this.#ready.add(item);
    }
  }

  #next(): WorkItemId | undefined {
    const [item] = this.#ready;
    if (item) this.#ready.delete(item);
    return item;
  }

  /** @returns Whether the call is done with. */
  async #tell(call: DirectorCall): Promise<boolean> {
    const { trace, health, clock } = this.#parts;
    const { signal } = this.#life;
    try {
      await this.#ask(call);
      health.report('media-director', 'good');
    } catch (error) {
      if (signal.aborted) return false;
      if (error instanceof CallFailure || isPassing(error)) {
        const detail = `${this.waiting} e-mails wait for the media director: ${messageOf(error)}`;
        health.report('media-director', 'degraded', detail);
        await pause(clock, PAUSE, signal);
        return false;
      }
      trace.fault('director-call.refused', error, { item: call.workItem, call: call.call });
    }
    return true;
  }

  /** Should the row stay, the call is repeated after a restart, which changes nothing. */
  async #settle(call: DirectorCall): Promise<void> {
    await this.#settling
      .add(call)
      .catch((error: unknown) =>
        this.#parts.trace.warning('director-call.unsettled', { item: call.workItem }, error),
      );
  }

  async #ask(call: DirectorCall): Promise<void> {
    const { director } = this.#parts;
    const { workItem: item, conversation } = call;
    const options = { signal: this.#life.signal, timeout: ANSWER_WITHIN };
    if (call.call === 'customer-wrote') {
      await director.call.customerWrote({ item }, options);
      return;
    }
    const thread = await this.#parts.thread(conversation);
    if (thread) await this.#submit(thread, item, call.submission);
  }

  async #submit(thread: Thread, id: WorkItemId, submission: PlannedSubmission): Promise<void> {
    const { director, contactOf, accountOwnerOf } = this.#parts;
    const contact = await contactOf(thread);
    const accountOwner = contact && (await this.#preference(id, accountOwnerOf(contact)));
    const { id: conversation, interaction, entryPoint } = thread.head;
    await director.call.submit(
      {
        item: {
          ...submission,
          id,
          conversation,
          interaction,
          channel: 'email',
          entryPoint,
          contact,
          accountOwner,
          // nobody is at the other end: a full or closed queue takes an e-mail all the same
          offline: true,
        },
      },
      { signal: this.#life.signal, timeout: ANSWER_WITHIN },
    );
  }

  /** Only a preference: nobody waits because it cannot be had. */
  async #preference(
    item: WorkItemId,
    asked: Promise<AgentId | undefined>,
  ): Promise<AgentId | undefined> {
    return asked.catch((error: unknown) => {
      this.#parts.trace.warning('preference.unknown', { item }, error);
      return undefined;
    });
  }
}

/** The director may not have read the newest configuration yet, or be too busy. */
const isPassing = (error: unknown): boolean =>
  error instanceof Refusal && (error.code === 'unknown-queue' || error.code === 'busy');
