import type { WorkItemId } from '#domain/ids.ts';
import type { Storage, StoredTask, TaskChange } from './storage.ts';

const PAGE = 1_000;

/** The work items of the tasks that are open, so that other events of the journal cost nothing. */
export class OpenItems {
  readonly #storage: Storage;
  readonly #items = new Set<WorkItemId>();

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  static async load(storage: Storage): Promise<OpenItems> {
    const open = new OpenItems(storage);
    for await (const page of openTasks(storage)) {
      for (const { task } of page) open.add(task.workItem);
    }
    return open;
  }

  has(item: WorkItemId): boolean {
    return this.#items.has(item);
  }

  add(item: WorkItemId): void {
    this.#items.add(item);
  }

  remove(item: WorkItemId): void {
    this.#items.delete(item);
  }

  /**
   * Stores those changes that are about tasks, and how far the journal is followed.
   *
   * @returns Whether there were any.
   */
  async apply(changes: readonly TaskChange[], followed?: number): Promise<boolean> {
    const ours: TaskChange[] = [];
    for (const change of changes) {
      if (!this.#items.has(change.item)) continue;
      ours.push(change);
      // before it is stored: the next change is about the item that the task has moved to
      if (change.type === 'moved' || change.type === 'split') this.#items.add(change.to);
    }
    if (ours.length === 0) return false;
    await this.#storage.apply(ours, followed);
    for (const { type, item } of ours) {
      if (type !== 'queued' && type !== 'split') this.#items.delete(item);
    }
    return true;
  }
}

/**
 * All open tasks.
 *
 * @yields Pages of them, by id.
 */
export async function* openTasks(storage: Storage): AsyncGenerator<readonly StoredTask[]> {
  let page = await storage.openTasks(undefined, PAGE);
  while (page.length > 0) {
    yield page;
    page = await storage.openTasks(page.at(-1)?.task.id, PAGE);
  }
}
