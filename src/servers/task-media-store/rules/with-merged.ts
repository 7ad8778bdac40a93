import type { MergedTask, Task } from '#domain/task.ts';

/** A task as it is read, with what was merged into it, the oldest first. */
export function withMerged(task: Task, others: readonly Task[]): Task {
  if (others.length === 0) return task;
  const merged = others
    .map(({ id, title, text, fields, link, createdAt }): MergedTask => ({
      id,
      title,
      text,
      fields,
      ...(link === undefined ? {} : { link }),
      createdAt,
    }))
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return { ...task, merged };
}
