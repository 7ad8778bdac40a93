import { AgentId } from '#domain/ids.ts';
import type { Submission } from '#servers/media-director/contract.ts';
import type { StoredTask } from '../storage.ts';

/** What the director is told of a task: references, never content. */
export function submissionOf({ task, priority, preferredAgent }: StoredTask): Submission {
  return {
    id: task.workItem,
    conversation: task.id,
    interaction: task.interaction,
    channel: 'task',
    queue: task.queue,
    ...(priority === undefined ? {} : { priority }),
    ...(task.contact === undefined ? {} : { contact: task.contact }),
    enteredAt: task.createdAt,
    ...(preferredAgent === undefined ? {} : { preferredAgent }),
  };
}

const SYSTEM = AgentId.parse('system');

/** Who the director's journal names for what a program did: `integration:crm` becomes `integration.crm`. */
export function actorOf(by: string): AgentId {
  return AgentId.safeParse(by.replaceAll(':', '.')).data ?? SYSTEM;
}
