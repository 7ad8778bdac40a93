/** What the task media store promises: generic work items that any program can put in a queue. */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { isStorable } from '#base/storable.ts';
import { AgentId, ContactId, ConversationId, QueueId } from '#domain/ids.ts';
import { Task, TaskBody } from '#domain/task.ts';

const DESKTOP = ['desktop-server'] as const;
/** Who did it: an agent or an integration. */
const By = z
  .string()
  .max(80)
  .refine(isStorable, { error: 'it holds a character that no text has' });

export const taskMediaStore = defineContract({
  name: 'task-media-store',
  version: 1,
  methods: {
    /** Creates a task under an id of the caller's choice and puts its work item in the queue. Creating twice has the effect of once. */
    create: {
      params: z.object({
        id: ConversationId,
        queue: QueueId,
        priority: z.int().min(0).max(9).optional(),
        contact: ContactId.optional(),
        preferredAgent: AgentId.optional(),
        body: TaskBody,
        by: By,
      }),
      result: z.object({ task: Task }),
      errors: { 'unknown-queue': z.object({ queue: QueueId }) },
      roles: DESKTOP,
      idempotent: true,
    },
    /** Unknown ids are left out. */
    read: {
      params: z.object({ tasks: z.array(ConversationId).max(1_000) }),
      result: z.object({ tasks: z.array(Task) }),
      roles: DESKTOP,
      idempotent: true,
    },
    /** The program takes its task back: closes it, also while an agent has it. */
    cancel: {
      params: z.object({ task: ConversationId, by: By }),
      result: z.object({}),
      errors: { 'unknown-task': z.object({ task: ConversationId }) },
      roles: DESKTOP,
      idempotent: true,
    },
  },
});
