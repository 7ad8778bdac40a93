/** Logging in and out. */
import type { AgentId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { CHANNELS } from '#domain/ids.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { endOffer } from './answer-offer.ts';
import type { DirectorState } from './director-state.ts';
import { endWrapUps, segmentEnded } from './finish.ts';
import { done, plan, refuse, type Rule } from './plan.ts';

export const logIn: Rule<CommandParams['logIn'], CommandReplies['logIn']> = (
  state,
  { agent: id, station, takeOver },
) => {
  const agent = state.configuration.get('agent', id);
  if (!agent) {
    return refuse('unknown-agent', `Cannot log agent "${id}" in: there is none`, { agent: id });
  }
  const reply = (after: DirectorState): CommandReplies['logIn'] => {
    const status = after.centre.agents.get(id);
    if (!status) throw new Error(`Cannot tell the status of agent "${id}": not logged in`);
    return { agent: status };
  };
  const status = state.centre.agents.get(id);
  if (status?.station === station) {
    return plan(
      status.present ? [] : [{ type: 'agent-presence-changed', agent: id, present: true }],
      reply,
    );
  }
  // A session whose browser is gone holds nobody off.
  if (status?.present && !takeOver) {
    return refuse(
      'logged-in-elsewhere',
      `Cannot log agent "${id}" in: logged in at station "${status.station}"`,
      { agent: id, station: status.station },
    );
  }
  const channels = CHANNELS.filter((channel) => (agent.capacity[channel] ?? 0) > 0);
  return plan(
    [
      ...(status ? endWrapUps(state, id) : []),
      ...(status ? [loggedOut(id, 'taken-over')] : []),
      { type: 'agent-logged-in', agent: id, station, channels },
    ],
    reply,
  );
};

export const logOut: Rule<CommandParams['logOut'], CommandReplies['logOut']> = (
  state,
  { agent, by },
) => {
  if (!state.centre.agents.has(agent)) return done();
  const owned = state.workOf(agent).filter((item) => item.state !== 'offered');
  const isForced = by !== undefined && by !== agent;
  if (owned.length > 0 && !isForced) {
    return refuse('has-work', `Cannot log agent "${agent}" out: they have work`, {
      agent,
      items: owned.map((item) => item.id),
    });
  }
  return done(leave(state, agent, isForced ? 'forced' : 'asked', by));
};

/** The agent goes: what they have returns to its queue, and wrap-ups end. */
export function leave(
  state: DirectorState,
  agent: AgentId,
  reason: (DirectorEvent & { type: 'agent-logged-out' })['reason'],
  by?: AgentId,
): DirectorEvent[] {
  const work = state.workOf(agent).flatMap((item): DirectorEvent[] =>
    item.state === 'offered'
      ? endOffer(item, 'withdrawn', 'withdrawn', { by })
      : [
          ...segmentEnded(item, 'pulled-back'),
          {
            type: 'work-item-requeued',
            item: item.id,
            queue: item.queue,
            reason: 'pulled-back',
            by,
          },
        ],
  );
  return [...work, ...endWrapUps(state, agent), loggedOut(agent, reason, by)];
}

const loggedOut = (
  agent: AgentId,
  reason: (DirectorEvent & { type: 'agent-logged-out' })['reason'],
  by?: AgentId,
): DirectorEvent => ({ type: 'agent-logged-out', agent, reason, by });
