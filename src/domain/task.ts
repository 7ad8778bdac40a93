/** Work that a program put in a queue: a title, some fields and a link. */
import { z } from 'zod';
import { isStorable } from '#base/storable.ts';
import { ContactId, ConversationId, Instant, InteractionId, QueueId, WorkItemId } from './ids.ts';

const text = (longest: number) =>
  z.string().max(longest).refine(isStorable, { error: 'it holds a character that no text has' });

export const TaskBody = z.object({
  title: text(200).trim().min(1),
  text: text(8_000).default(''),
  fields: z
    .array(z.object({ name: text(60), value: text(2_000) }))
    .max(50)
    .default([]),
  /** Where the work is done, in another program; http or https. */
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine(isStorable, { error: 'it holds a character that no address has' })
    .optional(),
});
export type TaskBody = z.infer<typeof TaskBody>;

/** What a task holds beside its own: another that was merged into it. */
export const MergedTask = TaskBody.extend({ id: ConversationId, createdAt: Instant });
export type MergedTask = z.infer<typeof MergedTask>;

export const Task = TaskBody.extend({
  id: ConversationId,
  interaction: InteractionId,
  workItem: WorkItemId,
  queue: QueueId,
  contact: ContactId.optional(),
  createdAt: Instant,
  createdBy: z.string(),
  closedAt: Instant.optional(),
  /** The tasks merged into it, the oldest first. */
  merged: z.array(MergedTask).optional(),
});
export type Task = z.infer<typeof Task>;
