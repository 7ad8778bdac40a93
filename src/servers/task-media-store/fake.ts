import type { Client, Implementation } from '#base/contract.ts';
import { type Clock, type Milliseconds, seconds, systemClock } from '#base/time.ts';
import { ConversationId, type WorkItemId } from '#domain/ids.ts';
import type { Task } from '#domain/task.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { configurationServer } from '#servers/configuration-server/contract.ts';
import type { mediaDirector } from '#servers/media-director/contract.ts';
import type { taskMediaStore } from './contract.ts';
import { DirectorFollower } from './director-follower.ts';
import { OpenItems } from './open-items.ts';
import { Outbox } from './outbox.ts';
import { taskService } from './service.ts';
import type { Storage, StoredTask, TaskChange } from './storage.ts';
import { Tasks } from './tasks.ts';
import { withMerged } from './rules/with-merged.ts';

export interface FakeOptions {
  readonly director: Client<typeof mediaDirector>;
  readonly configuration: Client<typeof configurationServer>;
  readonly clock?: Clock;
  readonly directorWithin?: Milliseconds;
}

const silent: Trace = { debug() {}, info() {}, warning() {}, fault() {} };
const unwatched: Health = { report() {} };

/** A task media store that keeps everything in memory: the real one but for the database. */
export async function startFakeTaskMediaStore(
  options: FakeOptions,
): Promise<{ readonly store: Implementation<typeof taskMediaStore> } & AsyncDisposable> {
  await using life = new AsyncDisposableStack();
  const { director, configuration, clock = systemClock, directorWithin = seconds(2) } = options;
  const storage = new MemoryStorage();
  const open = await OpenItems.load(storage);
  const parts = { director, storage, open, clock, trace: silent, health: unwatched };
  const outbox = life.use(new Outbox(parts));
  life.use(new DirectorFollower({ ...parts, outbox }));
  const tasks = new Tasks({ storage, open, outbox, configuration, clock, directorWithin });
  return Object.assign(life.move(), { store: taskService(tasks, storage) });
}

class MemoryStorage implements Storage {
  readonly #tasks = new Map<ConversationId, StoredTask>();
  #followed: number | undefined;

  async add(stored: StoredTask): Promise<boolean> {
    if (this.#tasks.has(stored.task.id)) return false;
    this.#tasks.set(stored.task.id, stored);
    return true;
  }

  async tasks(ids: readonly ConversationId[]): Promise<StoredTask[]> {
    return ids.flatMap((id) => {
      const stored = this.#tasks.get(id);
      return stored ? [{ ...stored, task: withMerged(stored.task, this.#mergedInto(id)) }] : [];
    });
  }

  async openTasks(after: ConversationId | undefined, limit: number): Promise<StoredTask[]> {
    return this.#open()
      .filter(({ task }) => after === undefined || task.id > after)
      .toSorted((one, other) => (one.task.id < other.task.id ? -1 : 1))
      .slice(0, limit);
  }

  async pending(except: readonly ConversationId[], limit: number): Promise<StoredTask[]> {
    return this.#open()
      .filter(({ isSubmitted, cancelledBy }) => !isSubmitted || cancelledBy !== undefined)
      .filter(({ task }) => !except.includes(task.id))
      .slice(0, limit);
  }

  async markSubmitted(tasks: readonly ConversationId[]): Promise<void> {
    for (const id of tasks) this.#change(this.#tasks.get(id), { isSubmitted: true });
  }

  async markCancelled(id: ConversationId, by: string): Promise<void> {
    const stored = this.#open().find(({ task }) => task.id === id);
    this.#change(stored, { cancelledBy: stored?.cancelledBy ?? by });
  }

  async submitAgain(items: readonly WorkItemId[]): Promise<void> {
    for (const item of items) this.#change(this.#openOf(item), { isSubmitted: false });
  }

  async remove(id: ConversationId): Promise<boolean> {
    return this.#tasks.get(id)?.isSubmitted === false && this.#tasks.delete(id);
  }

  async apply(changes: readonly TaskChange[], followed?: number): Promise<void> {
    for (const change of changes) {
      if (change.type === 'merged') this.#merge(change);
      const stored = this.#openOf(change.item);
      if (!stored) continue;
      if (change.type === 'split') this.#split(stored, change);
      this.#change(stored, { task: changed(stored.task, change), isSubmitted: true });
    }
    this.#followed = followed ?? this.#followed;
  }

  async followed(): Promise<number | undefined> {
    return this.#followed;
  }

  #open(): StoredTask[] {
    return [...this.#tasks.values()].filter(({ task }) => task.closedAt === undefined);
  }

  #split({ task, ...more }: StoredTask, { to, queue, at }: Change<'split'>): void {
    const id = ConversationId.parse(to);
    if (this.#tasks.has(id)) return;
    const second = { ...task, id, workItem: to, queue, createdAt: at };
    this.#tasks.set(id, { ...more, task: second, isSubmitted: true, splitFrom: task.id });
  }

  #merge({ item, into }: Change<'merged'>): void {
    const task = this.#openOf(item)?.task;
    const other = [...this.#tasks.values()].find((stored) => stored.task.workItem === into);
    if (!task || !other) return;
    for (const stored of this.#tasks.values()) {
      const follows = stored.task.id === task.id || stored.mergedInto === task.id;
      if (follows) this.#change(stored, { mergedInto: other.task.id });
    }
  }

  #mergedInto(id: ConversationId): Task[] {
    const all = [...this.#tasks.values()];
    const seconds = all.filter((stored) => stored.splitFrom === id).map(({ task }) => task.id);
    return all
      .filter(({ mergedInto }) => mergedInto && [id, ...seconds].includes(mergedInto))
      .map(({ task }) => task);
  }

  #openOf(item: WorkItemId): StoredTask | undefined {
    return this.#open().find(({ task }) => task.workItem === item);
  }

  #change(stored: StoredTask | undefined, to: Partial<StoredTask>): void {
    if (stored) this.#tasks.set(stored.task.id, { ...stored, ...to });
  }
}

function changed(task: Task, change: TaskChange): Task {
  switch (change.type) {
    case 'closed':
    case 'merged':
      return { ...task, closedAt: change.at };
    case 'moved':
      return { ...task, workItem: change.to };
    case 'queued':
      return { ...task, queue: change.queue };
    case 'split':
      return task;
  }
}

type Change<T extends TaskChange['type']> = Extract<TaskChange, { type: T }>;
