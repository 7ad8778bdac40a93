import type { Client } from '#base/contract.ts';
import { CallFailure } from '#base/call-failure.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { type Clock, type Milliseconds, seconds } from '#base/time.ts';
import {
  type AgentId,
  type ContactId,
  type ConversationId,
  InteractionId,
  type QueueId,
  WorkItemId,
} from '#domain/ids.ts';
import type { Task, TaskBody } from '#domain/task.ts';
import type { configurationServer } from '#servers/configuration-server/contract.ts';
import type { OpenItems } from './open-items.ts';
import type { Outbox } from './outbox.ts';
import type { Storage } from './storage.ts';

export interface TasksParts {
  readonly storage: Storage;
  readonly open: OpenItems;
  readonly outbox: Outbox;
  readonly configuration: Client<typeof configurationServer>;
  readonly clock: Clock;
  /** How long to wait for the director. */
  readonly directorWithin: Milliseconds;
}

export interface WantedTask {
  readonly id: ConversationId;
  readonly queue: QueueId;
  readonly priority?: number | undefined;
  readonly contact?: ContactId | undefined;
  readonly preferredAgent?: AgentId | undefined;
  readonly body: TaskBody;
  readonly by: string;
}

/** Creates tasks and takes them back. */
export class Tasks {
  readonly #parts: TasksParts;

  constructor(parts: TasksParts) {
    this.#parts = parts;
  }

  /** Durable when it resolves; in its queue too, unless the director is away. */
  async create(wanted: WantedTask): Promise<Task> {
    const { storage, open, outbox, clock, directorWithin } = this.#parts;
    const { id, queue, priority, preferredAgent } = wanted;
    const task: Task = {
      ...wanted.body,
      id,
      interaction: InteractionId.parse(newId(clock.now())),
      workItem: WorkItemId.parse(newId(clock.now())),
      queue,
      ...(wanted.contact === undefined ? {} : { contact: wanted.contact }),
      createdAt: clock.now(),
      createdBy: wanted.by,
    };
    open.add(task.workItem); // before the director can speak of it
    const stored = { task, priority, preferredAgent, isSubmitted: false };
    const isNew = await storage.add(stored);
    if (!isNew) {
      open.remove(task.workItem);
      return this.#made(wanted);
    }
    const told = await outbox.submit(stored, directorWithin);
    const isUnknown = told === 'refused' || (told === 'later' && (await this.#isUnknown(queue)));
    if (isUnknown && (await storage.remove(id))) {
      outbox.forget(id);
      open.remove(task.workItem);
      throw new Refusal('unknown-queue', `There is no queue "${queue}" in use`, { queue });
    }
    return task;
  }

  /** Closes a task wherever it is, now or when the director is back. */
  async cancel(id: ConversationId, by: string): Promise<void> {
    const { storage, outbox, directorWithin } = this.#parts;
    const [stored] = await storage.tasks([id]);
    if (!stored) throw new Refusal('unknown-task', `There is no task ${id}`, { task: id });
    if (stored.task.closedAt !== undefined) return;
    await storage.markCancelled(id, by);
    await outbox.tell(id, directorWithin);
  }

  /** The task of an id that was taken: the answer was lost, and the same is asked again. */
  async #made(wanted: WantedTask): Promise<Task> {
    const [stored] = await this.#parts.storage.tasks([wanted.id]);
    return stored?.task ?? this.create(wanted); // refused and removed meanwhile: so will this one be
  }

  /** While the director is away, its queues are asked of the configuration; nobody knows better then. */
  async #isUnknown(queue: QueueId): Promise<boolean> {
    try {
      const { documents } = await this.#parts.configuration.call.list(
        { kind: 'queue', retired: false },
        { timeout: seconds(1) },
      );
      return !documents.some((document) => document.id === queue);
    } catch (error) {
      if (error instanceof CallFailure) return false;
      throw error;
    }
  }
}
