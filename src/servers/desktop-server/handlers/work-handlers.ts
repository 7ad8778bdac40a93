import { Refusal } from '#base/refusal.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { workApi } from '../api/work.ts';
import type { Handlers } from '../http/handlers.ts';
import { type Caller, actorOf, hasRole } from '../rules/caller.ts';
import { maySee } from '../rules/visibility.ts';
import { type Workplace, requireCentre, requireReadable, viewerFor } from './workplace.ts';

type WorkHandlers = Handlers<typeof workApi>;

/** What agents do with their work items, and supervisors with everybody's. */
export function workItemHandlers(
  place: Workplace,
): Pick<
  WorkHandlers,
  | 'listWorkItems'
  | 'workItemHistory'
  | 'accept'
  | 'decline'
  | 'failOffer'
  | 'awaitCustomer'
  | 'close'
  | 'transfer'
  | 'park'
  | 'wake'
  | 'assign'
  | 'pullBack'
  | 'forceClose'
> {
  const { rooms, digests } = place;
  const director = rooms.director.call;

  return {
    listWorkItems({ query }, caller) {
      const viewer = viewerFor(caller, place);
      const items = [...requireCentre(place).centre.items.values()].filter(
        (item) =>
          maySee(viewer, item) &&
          (query.agent === undefined || item.agent === query.agent) &&
          (query.queue === undefined || item.queue === query.queue),
      );
      return { items, summaries: items.flatMap((item) => digests.summaryOf(item) ?? []) };
    },
    async workItemHistory({ params }, caller) {
      const { item, records } = await rooms.figures.call.workItemHistory({ item: params.id });
      requireReadable(caller, item.conversation, place);
      return { records };
    },

    async accept({ params, body }, { agent }) {
      const { item } = await director.accept({ item: params.id, agent, offer: body.offer });
      return item;
    },
    decline: ({ params, body }, { agent }) =>
      director.decline({ item: params.id, agent, offer: body.offer, reason: body.reason }),
    failOffer: ({ params, body }, { agent }) =>
      director.failOffer({ item: params.id, agent, offer: body.offer, fault: body.fault }),
    awaitCustomer: ({ params }, { agent }) => director.awaitCustomer({ item: params.id, agent }),
    close: ({ params, body }, { agent }) =>
      director.close({ item: params.id, agent, code: body.code }),

    transfer: ({ params, body }, caller) =>
      director.transfer({ item: params.id, ...moverOf(caller, params.id, place), ...body }),
    park: ({ params, body }, caller) =>
      director.park({ item: params.id, ...moverOf(caller, params.id, place), until: body.until }),
    wake({ params }, caller) {
      const item = requireCentre(place).centre.items.get(params.id);
      if (item && !maySee(viewerFor(caller, place), item)) throw notYours(item);
      return director.wake({ item: params.id, by: actorOf(caller) });
    },

    assign: ({ params, body }, caller) =>
      director.assign({ item: params.id, agent: body.agent, by: actorOf(caller) }),
    pullBack: ({ params }, caller) => director.pullBack({ item: params.id, by: actorOf(caller) }),
    forceClose: ({ params, body }, caller) =>
      director.forceClose({ item: params.id, by: actorOf(caller), code: body.code }),
  };
}

/**
 * As whom a caller moves an item on: as its owner, who is asked nothing else; as a supervisor in the
 * owner's place. The director has the last word on who owns it.
 */
export function moverOf(
  caller: Caller,
  id: WorkItemId,
  place: Workplace,
): { readonly agent: AgentId; readonly by?: AgentId } {
  const item = requireCentre(place).centre.items.get(id);
  const owns = item?.agent === caller.agent && item?.segment !== undefined;
  if (caller.agent !== undefined && (owns || !hasRole(caller, 'supervisor'))) {
    return { agent: caller.agent };
  }
  return { agent: item?.agent ?? actorOf(caller), by: actorOf(caller) };
}

function notYours({ id, agent }: OpenWorkItem): Refusal {
  return new Refusal('not-yours', 'This work item is with an agent of another queue', {
    item: id,
    owner: agent,
  });
}
