import { pause } from '#base/keep-trying.ts';
import type { ConversationId } from '#domain/ids.ts';
import type { movingApi } from '../api/moving.ts';
import type { participantsApi } from '../api/participants.ts';
import type { Handlers } from '../http/handlers.ts';
import { actorOf, hasRole } from '../rules/caller.ts';
import { moverOf } from './work-handlers.ts';
import { type Workplace, requireCentre, requirePerson } from './workplace.ts';

/** Several people at one work item. */
export function participantHandlers(place: Workplace): Handlers<typeof participantsApi> {
  const director = place.rooms.director.call;
  return {
    async invite({ params, body }, { agent }) {
      const { participant } = await director.invite({ item: params.id, agent, ...body });
      return participant;
    },
    answerInvitation: ({ params, body }, { agent }) =>
      director.answerInvitation({ item: params.id, agent, ...body }),
    join: ({ params, body }, caller) =>
      director.join({ item: params.id, agent: requirePerson(caller), role: body.role }),
    changeRole: ({ params, body }, caller) =>
      director.changeRole({
        item: params.id,
        agent: params.agent,
        role: body.role,
        by: actorOf(caller),
      }),
    leave: ({ params }, caller) =>
      director.leave({ item: params.id, agent: requirePerson(caller) }),
    removeParticipant: ({ params }, caller) =>
      director.removeParticipant({
        item: params.id,
        ...moverOf(caller, params.id, place),
        // A supervisor who owns it is one for all that.
        ...(hasRole(caller, 'supervisor') && { by: actorOf(caller) }),
        participant: params.agent,
      }),
  };
}

/** Work that is joined, divided, or moved by a supervisor. */
export function movingHandlers(place: Workplace): Handlers<typeof movingApi> {
  const director = place.rooms.director.call;
  return {
    async merge({ params, body }, caller) {
      const item = requireCentre(place).centre.items.get(params.id);
      const mover = moverOf(caller, params.id, place);
      await director.merge({ item: params.id, ...mover, into: body.into });
      if (item?.channel === 'task') await untilJoined(item.conversation, place);
      return {};
    },
    split: ({ params, body }, { agent }) => director.split({ item: params.id, agent, ...body }),
    reorder: ({ params, body }, caller) =>
      director.reorder({ item: params.id, ...body, by: actorOf(caller) }),
    manyWorkItems: ({ body }, caller) => director.many({ ...body, by: actorOf(caller) }),
  };
}

/** How long a merge waits at most for the content to be joined too. */
const JOINED_WITHIN = 1_000;
const LOOK_AGAIN_AFTER = 20;

/** Whoever merged tasks and looks sees both: the store learns of it from the director's journal, a moment later. */
async function untilJoined(task: ConversationId, { rooms, clock }: Workplace): Promise<void> {
  const deadline = clock.monotonic() + JOINED_WITHIN;
  while (clock.monotonic() < deadline) {
    const { tasks } = await rooms.tasks.call.read({ tasks: [task] });
    if (tasks[0]?.closedAt !== undefined) return;
    await pause(clock, LOOK_AGAIN_AFTER, AbortSignal.timeout(JOINED_WITHIN));
  }
}
