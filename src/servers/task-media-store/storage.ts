import type { Instant } from '#base/time.ts';
import type { AgentId, ConversationId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { Task } from '#domain/task.ts';

/** A task with what its submission needs and how far that has come. */
export interface StoredTask {
  readonly task: Task;
  readonly priority?: number | undefined;
  readonly preferredAgent?: AgentId | undefined;
  /** The director has acknowledged its work item. */
  readonly isSubmitted: boolean;
  /** Who took it back. It is done when the task is closed. */
  readonly cancelledBy?: string | undefined;
  /** The task that it was merged into. */
  readonly mergedInto?: ConversationId | undefined;
  /** The task whose second matter it is. */
  readonly splitFrom?: ConversationId | undefined;
}

/** What became of a work item. */
export type TaskChange =
  | { readonly type: 'closed'; readonly item: WorkItemId; readonly at: Instant }
  | { readonly type: 'moved'; readonly item: WorkItemId; readonly to: WorkItemId }
  | { readonly type: 'queued'; readonly item: WorkItemId; readonly queue: QueueId }
  | {
      readonly type: 'merged';
      readonly item: WorkItemId;
      readonly into: WorkItemId;
      readonly at: Instant;
    }
  /** A second matter goes on beside it, under the item `to`. */
  | {
      readonly type: 'split';
      readonly item: WorkItemId;
      readonly to: WorkItemId;
      readonly queue: QueueId;
      readonly at: Instant;
    };

/** What the task media store keeps. */
export interface Storage {
  /** Stores a task that is not there yet. @returns Whether it was not. */
  add(stored: StoredTask): Promise<boolean>;
  /** With what was merged into them, or into a second matter of theirs. */
  tasks(ids: readonly ConversationId[]): Promise<StoredTask[]>;
  /** The open tasks, by id, those behind `after`. */
  openTasks(after: ConversationId | undefined, limit: number): Promise<StoredTask[]>;
  /** The open tasks of which the director must be told something, oldest first, but not `except`. */
  pending(except: readonly ConversationId[], limit: number): Promise<StoredTask[]>;
  markSubmitted(tasks: readonly ConversationId[]): Promise<void>;
  markCancelled(task: ConversationId, by: string): Promise<void>;
  /** The director does not know these items though it should. */
  submitAgain(items: readonly WorkItemId[]): Promise<void>;
  /** Removes a task, unless the director has acknowledged it. @returns Whether it is gone. */
  remove(task: ConversationId): Promise<boolean>;
  /** Applies changes, and how far the journal is followed with them. What is so already stays so. */
  apply(changes: readonly TaskChange[], followed?: number): Promise<void>;
  followed(): Promise<number | undefined>;
}
