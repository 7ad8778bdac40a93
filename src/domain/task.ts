/** Work that a program put in a queue: a title, some fields and a link. */
import { z } from 'zod';
import { ContactId, ConversationId, Instant, InteractionId, QueueId, WorkItemId } from './ids.ts';

export const TaskBody = z.object({
  title: z.string().trim().min(1).max(200),
  text: z.string().max(8_000).default(''),
  fields: z
    .array(z.object({ name: z.string().max(60), value: z.string().max(2_000) }))
    .max(50)
    .default([]),
  /** Where the work is done, in another program; http or https. */
  link: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});
export type TaskBody = z.infer<typeof TaskBody>;

export const Task = TaskBody.extend({
  id: ConversationId,
  interaction: InteractionId,
  workItem: WorkItemId,
  queue: QueueId,
  contact: ContactId.optional(),
  createdAt: Instant,
  createdBy: z.string(),
  closedAt: Instant.optional(),
});
export type Task = z.infer<typeof Task>;
