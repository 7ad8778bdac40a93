import { Refusal } from '#base/refusal.ts';
import { seconds } from '#base/time.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import type { FigureRequest } from '#servers/ids-view/contract.ts';
import type { figuresApi } from '../api/figures.ts';
import type { supervisionApi } from '../api/supervision.ts';
import type { Handlers } from '../http/handlers.ts';
import { actorOf } from '../rules/caller.ts';
import { type Workplace, requireCentre } from './workplace.ts';

/** What is long ago is read from a long journal. */
const EXPLAINED_WITHIN = seconds(30);

/** What supervisors do with agents. */
export function supervisionHandlers(place: Workplace): Handlers<typeof supervisionApi> {
  const director = place.rooms.director.call;
  return {
    centre() {
      const { position, items, agents } = requireCentre(place).centre;
      return { position, items: [...items.values()], agents: [...agents.values()] };
    },
    explanation: ({ params, query }) =>
      director.explain(
        { item: params.id, offer: query.offer, agent: query.agent },
        { timeout: EXPLAINED_WITHIN },
      ),
    async forceReadiness({ params, body }, caller) {
      requireAgent(params.id, place);
      const { agent } = await director.setReadiness({
        agent: params.id,
        readiness: body,
        by: actorOf(caller),
      });
      return agent;
    },
    async forceLogOut({ params }, caller) {
      requireAgent(params.id, place);
      // The director takes logging out who is out already for done, as it must from the agent's own desktop.
      if (!requireCentre(place).centre.agents.has(params.id)) {
        throw new Refusal('not-logged-in', `Agent "${params.id}" is not logged in`, {
          agent: params.id,
        });
      }
      return director.logOut({ agent: params.id, by: actorOf(caller) });
    },
  };
}

/** @throws {Refusal} `unknown-agent`. Who is logged in is known, also when retired meanwhile. */
function requireAgent(agent: AgentId, place: Workplace): void {
  if (requireCentre(place).centre.agents.has(agent)) return;
  if (place.configuration.current.get('agent', agent)) return;
  throw new Refusal('unknown-agent', `There is no agent "${agent}"`, { agent });
}

/** Figures, live and past. */
export function figureHandlers({ rooms, board }: Workplace): Handlers<typeof figuresApi> {
  const figures = rooms.figures.call;
  return {
    board: () => board.read(),
    figures: ({ query }) => figures.figures({ ...requestOf(query), after: query.after }),
    async *figuresCsv({ query }) {
      let after: number | undefined = 0;
      while (after !== undefined) {
        const page: { csv: string; next?: number | undefined } = await figures.figuresCsv({
          ...requestOf(query),
          after,
        });
        yield page.csv;
        after = page.next;
      }
    },
    metrics: () => figures.metrics({}),
  };
}

/** Ids are checked by the contract of IDS View, as all else it is asked. */
function requestOf(query: {
  readonly from: number;
  readonly to: number;
  readonly interval: FigureRequest['interval'];
  readonly by: FigureRequest['by'];
  readonly queues?: string | undefined;
  readonly agents?: string | undefined;
}): FigureRequest {
  const { from, to, interval, by, queues, agents } = query;
  return {
    from,
    to,
    interval,
    by,
    queues: queues?.split(',') as QueueId[] | undefined,
    agents: agents?.split(',') as AgentId[] | undefined,
  };
}
