import type { Instant } from '#base/time.ts';
import { missingPart } from '#domain/requirement/missing.ts';
import { printExpression } from '#domain/requirement/print.ts';
import type { AgentId } from '#domain/ids.ts';
import type { Reason } from '#domain/work-item/explanation.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { obstacleTo, roomInQueue, type AgentFacts, type Obstacle } from '../availability.ts';
import type { DirectorState } from '../director-state.ts';
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
    return describeObstacle(state, item, facts);
  }
  if (!state.free.queuesOf(id)?.has(item.queue)) {
    return { type: 'not-of-this-queue', queue: item.queue };
  }
  return (
    lacking(item, facts) ?? describeObstacle(state, item, facts) ?? resting(state, item, id, at)
  );
}

function lacking(item: OpenWorkItem, { agent }: AgentFacts): Reason | undefined {
  const step = item.step ?? 0;
  const must = item.requirements?.[step]?.requirement.must;
  const part = must && missingPart(agent, must);
  return part && { type: 'lacks', part: printExpression(part), step };
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

/** What availability says, with what a person asks next. */
function describeObstacle(
  state: DirectorState,
  { queue, channel }: OpenWorkItem,
  facts: AgentFacts,
): Reason | undefined {
  const obstacle = obstacleTo(channel, facts);
  if (obstacle) return describe[obstacle](facts, channel);
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
};
