/** What rings at an agent's station may fail: then of that channel alone they are offered no more. */
import { CodeId, type AgentId, type Channel } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { notTaken, overOf, wasSentOn } from './answer-offer.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { done, forbids, notLoggedIn, unknownItem, type Facts, type Rule } from './plan.ts';

/** Where nobody says why. */
const DEVICE_ERROR = CodeId.parse('device-error');

export const failOffer: Rule<CommandParams['failOffer'], CommandReplies['failOffer']> = (
  state,
  { item: id, agent, offer, fault = DEVICE_ERROR },
  facts,
) => {
  const item = state.item(id);
  if (!item) return wasSentOn(state, id) ? done() : unknownItem(id);
  const hasFailed = item.returns?.some((r) => r.reason === 'device-error' && r.offer === offer);
  if (hasFailed) return done();
  if (item.state !== 'offered' || item.agent !== agent || item.offer !== offer) {
    return overOf(item);
  }
  return (
    forbids(item, 'device-error', 'offered-agent', agent) ??
    done([
      ...notTaken(state, item, 'device-error', facts, fault),
      ...deviceChanged(state, agent, item.channel, fault),
    ])
  );
};

export const reportDevice: Rule<CommandParams['reportDevice'], CommandReplies['reportDevice']> = (
  state,
  { agent, channel, fault },
  facts,
) => {
  if (!state.centre.agents.has(agent)) return notLoggedIn(agent);
  return done([
    ...deviceChanged(state, agent, channel, fault),
    ...(fault === undefined ? [] : silenced(state, agent, channel, facts, fault)),
  ]);
};

/** What rings there in vain ends. */
function silenced(
  state: DirectorState,
  agent: AgentId,
  channel: Channel,
  facts: Facts,
  fault: CodeId,
): DirectorEvent[] {
  const offers = state
    .workOf(agent)
    .filter((item) => item.state === 'offered' && item.channel === channel)
    .flatMap((item) => notTaken(state, item, 'device-error', facts, fault));
  const invitations = state
    .partsOf(agent)
    .flatMap(({ item, participant: { segment, invitation } }): DirectorEvent[] =>
      item.channel !== channel || segment !== undefined || invitation === undefined
        ? []
        : [{ type: 'invitation-ended', item: item.id, agent, invitation, ending: 'device-error' }],
    );
  return [...offers, ...invitations];
}

function deviceChanged(
  state: DirectorState,
  agent: AgentId,
  channel: Channel,
  fault: CodeId | undefined,
): DirectorEvent[] {
  const known = state.centre.agents.get(agent)?.faults?.[channel];
  return known === fault ? [] : [{ type: 'agent-device-changed', agent, channel, fault }];
}
