import type { Instant } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import { missingPart } from '#domain/requirement/missing.ts';
import { printExpression } from '#domain/requirement/print.ts';
import type { AgentId } from '#domain/ids.ts';
import type { Reason } from '#domain/work-item/explanation.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { AgentFacts } from '../agent-facts.ts';
import { obstacleTo, roomInQueue, type Obstacle } from '../availability.ts';
import { brakedUntil } from '../brake.ts';
import type { DirectorState } from '../director-state.ts';
import { preferenceEnds, suits, waitedFor } from '../preferred.ts';
import { requirementOf } from '../requirements.ts';
import { isResting, restEnds } from '../rest.ts';

/**
 * Why an agent who is logged in could not be offered a waiting work item at all; nothing where they could.
 * What lasts is named before what passes: who does not serve the queue is not told of their lunch.
 */
export function whyNot(
  state: DirectorState,
  item: OpenWorkItem,
  id: AgentId,
  at: Instant,
): Reason | undefined {
  const facts = state.agent(id);
  if (!facts) return { type: 'retired' };
  const { onlyAgent } = item;
  if (onlyAgent !== undefined) {
    if (id !== onlyAgent) return { type: 'not-the-only', agent: onlyAgent };
    return obstacle(state, item, facts);
  }
  const unsuited = suits(state, item, id) ? undefined : lacking(state, item, facts);
  return (
    unsuited ??
    othersFirst(state, item, id, at) ??
    obstacle(state, item, facts) ??
    resting(state, item, id, at) ??
    braked(state, item, at)
  );
}

function lacking(state: DirectorState, item: OpenWorkItem, { status, agent }: AgentFacts): Reason {
  const { queue, step = 0 } = item;
  const serves = state.queue(queue)?.serves;
  const { must } = requirementOf(item);
  const part =
    serves && must && doesServe(status.id, agent, serves) ? missingPart(agent, must) : undefined;
  return part
    ? { type: 'lacks', part: printExpression(part), step }
    : { type: 'not-of-this-queue', queue };
}

function othersFirst(
  state: DirectorState,
  item: OpenWorkItem,
  id: AgentId,
  at: Instant,
): Reason | undefined {
  const waited = waitedFor(state, item, at);
  if (waited.length === 0 || waited.includes(id)) return undefined;
  return { type: 'waits-for-preferred', until: preferenceEnds(item, at) ?? at };
}

function resting(
  { policy }: DirectorState,
  item: OpenWorkItem,
  id: AgentId,
  at: Instant,
): Reason | undefined {
  const until = isResting(policy, item, id, at) ? restEnds(policy, item, id) : undefined;
  return until === undefined ? undefined : { type: 'rests', until };
}

function braked(state: DirectorState, { queue }: OpenWorkItem, at: Instant): Reason | undefined {
  const until = brakedUntil(state, queue, at);
  return until === undefined ? undefined : { type: 'braked', queue, until };
}

/** What availability says, with what a person asks next. */
function obstacle(
  state: DirectorState,
  { queue, channel }: OpenWorkItem,
  facts: AgentFacts,
): Reason | undefined {
  const found = obstacleTo(channel, facts);
  if (found) return describe[found](facts, channel);
  const most = state.queue(queue)?.mostPerAgent;
  return most !== undefined && roomInQueue(queue, most, facts) <= 0
    ? { type: 'full', limit: 'queue', most }
    : undefined;
}

type Describe = (facts: AgentFacts, channel: OpenWorkItem['channel']) => Reason;

const describe: Readonly<Record<Obstacle, Describe>> = {
  away: ({ status }) => ({ type: 'away', since: status.absentSince }),
  'not-ready': ({ status: { readiness } }) => ({
    type: 'not-ready',
    reason: readiness.state === 'not-ready' ? readiness.reason : undefined,
  }),
  'not-ready-soon': ({ status: { pending } }) => ({
    type: 'not-ready-soon',
    reason: pending?.state === 'not-ready' ? pending.reason : undefined,
  }),
  rings: ({ work, parts }) => ({
    type: 'rings',
    item:
      work.find((item) => item.state === 'offered')?.id ??
      parts.find(({ participant }) => participant.segment === undefined)?.item.id,
  }),
  'not-theirs': (_, channel) => ({ type: 'not-theirs', channel }),
  'no-seat': (_, channel) => ({ type: 'no-seat', channel }),
  'not-ready-for-channel': ({ status: { readiness } }, channel) => ({
    type: 'not-ready-for-channel',
    channel,
    reason: readiness.state === 'ready' ? readiness.except?.[channel] : undefined,
  }),
  'device-error': ({ status }, channel) => ({
    type: 'device-error',
    channel,
    fault: status.faults?.[channel],
  }),
  full: ({ agent, routing }, channel) => {
    const own = agent.capacity[channel] ?? 0;
    const centre = routing.mostPerAgent[channel];
    return centre !== undefined && centre < own
      ? { type: 'full', limit: 'centre', most: centre }
      : { type: 'full', limit: 'agent', most: own };
  },
  'over-budget': ({ agent }) => ({ type: 'over-budget', budget: agent.budget ?? 0 }),
  'given-out-by-switch': () => ({ type: 'given-out-by-switch' }),
  'at-switch': ({ status }) => ({
    type: 'at-switch',
    state: status.atSwitch?.now.state ?? 'unknown',
  }),
  'not-interlocked': () => ({ type: 'interlock' }),
  'interlock-under-way': () => ({ type: 'interlock' }),
};
