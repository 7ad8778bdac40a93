import { Refusal } from '#base/refusal.ts';
import type { AgentId } from '#domain/ids.ts';
import type { sessionApi } from '../api/session.ts';
import type { Exchange, Handlers } from '../http/handlers.ts';
import { type AgentCaller, describeCaller, personCaller } from '../rules/caller.ts';
import { planSetUp } from '../rules/set-up.ts';
import { untilHeard } from './until-heard.ts';
import { requirePerson, type Workplace } from './workplace.ts';

/** How long the set-up may take: two passwords are hashed, which is slow on purpose. */
const SET_UP_TIMEOUT = 30_000;

export function sessionHandlers(place: Workplace): Handlers<typeof sessionApi> {
  const { rooms, guard, sessions, configuration, clock } = place;
  const { director } = rooms;

  /** Opens a session for somebody who has just proven who they are. */
  const enter = async (id: AgentId, exchange: Exchange): Promise<AgentCaller> => {
    const agent = configuration.current.get('agent', id);
    if (!agent) throw new Refusal('not-signed-in', 'This person is not with the centre any more');
    // The session before ends, so that nobody can hand somebody else a session that they know.
    if (exchange.session !== undefined) await sessions.end(exchange.session);
    exchange.keepSession(await sessions.open(id, exchange.address));
    return personCaller(id, agent);
  };

  return {
    async signIn({ body }, _caller, exchange) {
      const { agent } = await guard.try(exchange.address, () =>
        rooms.configuration.call.checkPassword(body),
      );
      return describeCaller(await enter(agent, exchange));
    },
    async signInByLink({ body }, _caller, exchange) {
      const { agent } = await guard.try(exchange.address, () =>
        rooms.configuration.call.redeemLink(body),
      );
      return describeCaller(await enter(agent, exchange));
    },
    me: (_input, caller) => describeCaller(caller),
    async signOut(_input, _caller, exchange) {
      if (exchange.session !== undefined) await sessions.end(exchange.session);
      exchange.keepSession(undefined);
      return {};
    },

    setUpState: () => rooms.configuration.call.setUpState({}),
    async checkSetUpLink({ body }, _caller, { address }) {
      const { purpose } = await guard.try(address, () => rooms.configuration.call.checkLink(body));
      if (purpose !== 'set-up') throw new Refusal('bad-link', 'This link is for signing in');
      return {};
    },
    async setUp({ body }, _caller, exchange) {
      const plan = planSetUp(body);
      const { organisation, passwords } = plan;
      const documents = plan.documents.map((draft) => ({ ...draft, body: { ...draft.body } }));
      await guard.try(exchange.address, () =>
        rooms.configuration.call.setUp(
          { token: body.token, organisation: { ...organisation }, documents, passwords },
          { timeout: SET_UP_TIMEOUT },
        ),
      );
      const { documents: agents } = await rooms.configuration.call.list({ kind: 'agent' });
      for (const document of agents) configuration.take(document);
      const caller = await enter(plan.administrator, exchange);
      return { me: describeCaller(caller), entryPoint: plan.entryPoint };
    },

    async logIn({ body }, caller) {
      const id = requirePerson(caller);
      const exists = configuration.current.get('agent', id) !== undefined;
      const logIn = () => director.call.logIn({ agent: id, ...body });
      const { agent } = await untilHeard(logIn, 'unknown-agent', exists, clock);
      return agent;
    },
    logOut: (_input, { agent }) => director.call.logOut({ agent }),
    async setReadiness({ body }, caller) {
      const answer = await director.call.setReadiness({ agent: caller.agent, readiness: body });
      return answer.agent;
    },
    reportDevice: ({ params, body }, { agent }) =>
      director.call.reportDevice({ agent, channel: params.channel, fault: body.fault }),
    endWrapUp: ({ params, body }, { agent }) =>
      director.call.endWrapUp({ agent, item: params.item, code: body.code }),

    mySettings: ({ query }, caller) =>
      rooms.configuration.call.effectiveSettings({
        agent: caller.agent,
        roles: [...caller.roles],
        machine: query.machine,
      }),
    async putMySettings({ body }, { agent, by }) {
      if (agent === undefined) throw new Refusal('forbidden', 'Settings are of people');
      await rooms.configuration.call.putSettings({
        scope: `agent:${agent}`,
        values: body.values,
        by,
      });
      return {};
    },
  };
}
