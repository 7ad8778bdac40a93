/** What rings at an agent's station may fail: then of that channel alone they are offered no more. */
import { CodeId, type AgentId, type Channel } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { endOffer, overOf } from './answer-offer.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { done, forbids, notLoggedIn, unknownItem, type Rule } from './plan.ts';

/** Where nobody says why. */
const DEVICE_ERROR = CodeId.parse('device-error');

export const failOffer: Rule<CommandParams['failOffer'], CommandReplies['failOffer']> = (
  state,
  { item: id, agent, offer, fault = DEVICE_ERROR },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  const hasFailed = item.returns?.some((r) => r.reason === 'device-error' && r.offer === offer);
  if (hasFailed) return done();
  if (item.state !== 'offered' || item.agent !== agent || item.offer !== offer) {
    return overOf(item);
  }
  return (
    forbids(item, 'device-error', 'offered-agent', agent) ??
    done([
      ...endOffer(item, 'device-error', 'device-error', { reason: fault }),
      ...deviceChanged(state, agent, item.channel, fault),
    ])
  );
};

export const reportDevice: Rule<CommandParams['reportDevice'], CommandReplies['reportDevice']> = (
  state,
  { agent, channel, fault },
) => {
  if (!state.centre.agents.has(agent)) return notLoggedIn(agent);
  const rings = state
    .workOf(agent)
    .filter((item) => item.state === 'offered' && item.channel === channel);
  return done([
    ...deviceChanged(state, agent, channel, fault),
    ...(fault === undefined
      ? []
      : rings.flatMap((item) => endOffer(item, 'device-error', 'device-error', { reason: fault }))),
  ]);
};

function deviceChanged(
  state: DirectorState,
  agent: AgentId,
  channel: Channel,
  fault: CodeId | undefined,
): DirectorEvent[] {
  const known = state.centre.agents.get(agent)?.faults?.[channel];
  return known === fault ? [] : [{ type: 'agent-device-changed', agent, channel, fault }];
}
