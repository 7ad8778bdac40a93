import type { movingApi } from '../api/moving.ts';
import type { participantsApi } from '../api/participants.ts';
import type { Handlers } from '../http/handlers.ts';
import { actorOf } from '../rules/caller.ts';
import { moverOf } from './work-handlers.ts';
import { type Workplace, requirePerson } from './workplace.ts';

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
        participant: params.agent,
      }),
  };
}

/** Work that is joined, divided, or moved by a supervisor. */
export function movingHandlers(place: Workplace): Handlers<typeof movingApi> {
  const director = place.rooms.director.call;
  return {
    merge: ({ params, body }, caller) =>
      director.merge({ item: params.id, ...moverOf(caller, params.id, place), into: body.into }),
    split: ({ params, body }, { agent }) => director.split({ item: params.id, agent, ...body }),
    reorder: ({ params, body }, caller) =>
      director.reorder({ item: params.id, ...body, by: actorOf(caller) }),
    manyWorkItems: ({ body }, caller) => director.many({ ...body, by: actorOf(caller) }),
  };
}
