import { Refusal } from '#base/refusal.ts';
import type { ConversationId } from '#domain/ids.ts';
import { speaksIn } from '#domain/work-item/participants.ts';
import type { workApi } from '../api/work.ts';
import type { Handlers } from '../http/handlers.ts';
import { type AgentCaller, type Caller, actorOf } from '../rules/caller.ts';
import { untilHeard } from './until-heard.ts';
import { type Workplace, requireCentre, requireWriter, requireReadable } from './workplace.ts';

type WorkHandlers = Handlers<typeof workApi>;

/** Conversations of agents with customers, and tasks of programs. */
export function conversationHandlers(
  place: Workplace,
): Pick<
  WorkHandlers,
  | 'readConversation'
  | 'postMessage'
  | 'mark'
  | 'typing'
  | 'addNote'
  | 'createWorkItem'
  | 'readTask'
  | 'cancelTask'
> {
  const { messaging, tasks } = place.rooms;

  return {
    readConversation({ params, query }, caller) {
      requireReadable(caller, params.id, place);
      return messaging.call.read({ conversation: params.id, since: query.since });
    },
    async postMessage({ params, body }, { agent }) {
      const { message } = await messaging.call.post({
        conversation: params.id,
        id: body.id,
        from: 'agent',
        agent,
        text: body.text,
      });
      return message;
    },
    async mark({ params, body }, caller) {
      requireSpeaker(caller, params.id, place);
      const { marks } = await messaging.call.mark({
        conversation: params.id,
        party: 'agent',
        ...body,
      });
      return marks;
    },
    typing({ params, body }, caller) {
      requireSpeaker(caller, params.id, place);
      const { agent } = caller;
      return messaging.call.typing({
        conversation: params.id,
        party: 'agent',
        agent,
        typing: body.typing,
      });
    },
    addNote({ params, body }, caller) {
      requireWriter(caller, params.id, place);
      return messaging.call.addNote({
        conversation: params.id,
        id: body.id,
        agent: actorOf(caller),
        note: body.note,
      });
    },

    async createWorkItem({ body }, { by }) {
      const { task: content, ...rest } = body;
      const { current } = place.configuration;
      const { preferredAgent } = body;
      if (preferredAgent !== undefined && !current.get('agent', preferredAgent)) {
        throw new Refusal('unknown-agent', `There is no agent "${preferredAgent}" to prefer`);
      }
      const exists = current.get('queue', body.queue) !== undefined;
      const create = () => tasks.call.create({ ...rest, body: content, by });
      const { task } = await untilHeard(create, 'unknown-queue', exists, place.clock);
      return task;
    },
    async readTask({ params }, caller) {
      requireReadable(caller, params.id, place);
      const [task] = (await tasks.call.read({ tasks: [params.id] })).tasks;
      if (!task) throw unknownTask(params.id);
      return task;
    },
    async cancelTask({ params }, caller) {
      const [task] = (await tasks.call.read({ tasks: [params.id] })).tasks;
      if (!task) throw unknownTask(params.id);
      requireAuthor(caller, task.createdBy);
      return tasks.call.cancel({ task: params.id, by: caller.by });
    },
  };
}

/** @throws {Refusal} `forbidden` when the caller's agent does not speak with the customer now. */
function requireSpeaker(caller: AgentCaller, id: ConversationId, place: Workplace): void {
  const item = requireCentre(place).itemOf(id);
  if (item && speaksIn(item, caller.agent)) return;
  throw new Refusal('forbidden', 'This conversation is not with you');
}

/** Whoever put a task in a queue may take it back, and supervisors. */
function requireAuthor(caller: Caller, createdBy: string): void {
  if (caller.by === createdBy || caller.roles.includes('supervisor')) return;
  throw new Refusal('forbidden', 'Only who created this task may take it back, or a supervisor');
}

const unknownTask = (task: ConversationId): Refusal =>
  new Refusal('unknown-task', `There is no task ${task}`, { task });
