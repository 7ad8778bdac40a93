/** Logging in and out. */
import type { AgentId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { CHANNELS } from '#domain/ids.ts';
import { successorOf } from '#domain/work-item/participants.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { endOffer, offerEnded } from './answer-offer.ts';
import type { DirectorState } from './director-state.ts';
import { ownerGone, partsOfAgentEnded } from './participants/parts-ended.ts';
import { done, plan, refuse, type Facts, type Rule } from './plan.ts';
import { isReturnable, allSentOn, sentOn } from './refused-transfer.ts';
import { setAside } from './set-aside.ts';
import { endWrapUps } from './segments.ts';

export const logIn: Rule<CommandParams['logIn'], CommandReplies['logIn']> = (
  state,
  { agent: id, station, takeOver, device, without = state.centre.agents.get(id)?.without },
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
  const isSame = status?.station === station && (device ?? status.device) === status.device;
  if (isSame) {
    return plan(
      status.present ? [] : [{ type: 'agent-presence-changed', agent: id, present: true }],
      reply,
    );
  }
  // A session whose browser is gone holds nobody off.
  if (status?.present && status.station !== station && !takeOver) {
    return refuse(
      'logged-in-elsewhere',
      `Cannot log agent "${id}" in: logged in at station "${status.station}"`,
      { agent: id, station: status.station },
    );
  }
  const channels = CHANNELS.filter(
    (channel) => (agent.capacity[channel] ?? 0) > 0 && !without?.includes(channel),
  );
  return plan(
    [
      ...(status ? endWrapUps(state, id) : []),
      ...(status ? [loggedOut(id, 'taken-over')] : []),
      {
        type: 'agent-logged-in',
        agent: id,
        station,
        channels,
        device,
        without: without?.length ? [...without] : undefined,
      },
    ],
    reply,
  );
};

export const logOut: Rule<CommandParams['logOut'], CommandReplies['logOut']> = (
  state,
  { agent, by },
  facts,
) => {
  if (!state.centre.agents.has(agent)) return done();
  const inHand = state.workOf(agent).filter((item) => item.state !== 'offered' && !item.isReleased);
  const isForced = by !== undefined && by !== agent;
  if (inHand.length > 0 && !isForced) {
    return refuse('has-work', `Cannot log agent "${agent}" out: they have work`, {
      agent,
      items: inHand.map((item) => item.id),
    });
  }
  return done(agentGone(state, agent, { reason: isForced ? 'forced' : 'asked', by }, facts));
};

/**
 * The agent goes: what they have passes to who takes part or returns to its queue; where the customer has been
 * silent for long it is parked until they write, and prefers them. Wrap-ups end.
 */
export function agentGone(
  state: DirectorState,
  agent: AgentId,
  { reason, by }: { reason: LogOutReason; by?: AgentId | undefined },
  facts: Facts,
): DirectorEvent[] {
  const work = state.workOf(agent).flatMap((item): DirectorEvent[] => {
    if (item.isReleased && !successorOf(item)) return setAside(item, { by: by ?? agent });
    if (item.state !== 'offered') {
      return ownerGone(item, { ending: 'pulled-back', requeued: { reason: 'pulled-back', by } });
    }
    return isReturnable(item)
      ? [...offerEnded(item, 'withdrawn'), ...sentOn(state, item, facts, 'withdrawn')]
      : endOffer(item, 'withdrawn', 'withdrawn', { by });
  });
  return [
    ...partsOfAgentEnded(state, agent, 'left'),
    ...work,
    ...allSentOn(state, agent, facts),
    ...endWrapUps(state, agent),
    loggedOut(agent, reason, by),
  ];
}

type LogOutReason = (DirectorEvent & { type: 'agent-logged-out' })['reason'];

const loggedOut = (agent: AgentId, reason: LogOutReason, by?: AgentId): DirectorEvent => ({
  type: 'agent-logged-out',
  agent,
  reason,
  by,
});
