/** What an agent may be offered now, and why not: the only place where this is decided. */
import { USUAL_WEIGHTS, type CentreRouting } from '#domain/configuration/routing.ts';
import { CHANNELS, type Channel, type QueueId } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { AgentFacts } from './agent-facts.ts';
import { atHandOf, atHandOfQueue, type AtHand } from './at-hand.ts';
import { obstacleAtSwitch, type SwitchObstacle } from './interlock/at-the-switch.ts';

/** Why an agent may not be offered a contact of a channel now. */
export type Obstacle =
  /** Their browser is gone. */
  | 'away'
  | 'not-ready'
  /** They asked to be not ready, and finish what they have. */
  | 'not-ready-soon'
  /** They have an offer or an invitation to answer: one rings at a time. */
  | 'rings'
  /** The channel is none of theirs. */
  | 'not-theirs'
  /** They are logged in without the channel: no seat was left. */
  | 'no-seat'
  | 'not-ready-for-channel'
  /** What the channel needs at their station does not work. */
  | 'device-error'
  /** They have as many contacts of the channel as they may. */
  | 'full'
  /** All their contacts together weigh too much for one more of the channel. */
  | 'over-budget'
  | SwitchObstacle;

const NONE: readonly Channel[] = [];

/**
 * The channels in which the agent may be offered work now, whichever queue it would come from.
 *
 * @param among Those of them that the agent may have at all.
 */
export function openChannels(
  facts: AgentFacts,
  atHand = atHandOf(facts),
  among: readonly Channel[] = CHANNELS,
): readonly Channel[] {
  if (obstacleToAll(facts, atHand)) return NONE;
  return among.filter((channel) => obstacleToOne(channel, facts, atHand) === undefined);
}

/** The channels in which the agent may be offered work once their switch has let go of them, or by their switch alone. */
export function reachableChannels(facts: AgentFacts, atHand = atHandOf(facts)): readonly Channel[] {
  const { mode = 'ours' } = facts.agent.switch ?? {};
  if (mode === 'ours' || obstacleToAll(facts, atHand)) return NONE;
  const through: Obstacle = mode === 'adjunct' ? 'given-out-by-switch' : 'not-interlocked';
  return CHANNELS.filter((channel) => obstacleToOne(channel, facts, atHand) === through);
}

/** Why the agent may not be offered a contact of `channel` now; nothing if they may. */
export function obstacleTo(channel: Channel, facts: AgentFacts): Obstacle | undefined {
  const atHand = atHandOf(facts);
  return obstacleToAll(facts, atHand) ?? obstacleToOne(channel, facts, atHand);
}

/** Why the agent could not handle a contact of `channel` even if they wanted to; nothing if they could. */
export function unableTo(channel: Channel, facts: AgentFacts): Obstacle | undefined {
  const { status, agent } = facts;
  if ((agent.capacity[channel] ?? 0) === 0) return 'not-theirs';
  if (status.without?.includes(channel)) return 'no-seat';
  if (status.faults?.[channel] !== undefined) return 'device-error';
  return fullness(channel, facts, atHandOf(facts)) ?? obstacleAtSwitch(channel, facts);
}

/**
 * Whether the agent would be offered a contact of `channel` if they had nothing else: who is only busy is worth
 * waiting for, and so is who has just come, as from another station, and not said yet whether they are ready.
 */
export function isAtMostBusy(channel: Channel, facts: AgentFacts): boolean {
  const { readiness: now } = facts.status;
  const hasJustCome = now.state === 'not-ready' && now.reason === 'logged-in';
  const readiness = hasJustCome ? ({ state: 'ready' } as const) : now;
  const status = { ...facts.status, readiness, wrapUps: [], atSwitch: undefined };
  const obstacle = obstacleTo(channel, { ...facts, work: [], parts: [], status });
  return obstacle === undefined || obstacle === 'at-switch';
}

/**
 * How many more contacts of a channel the agent can have: the least of what the caps leave, their own
 * and the centre's, and of what their budget leaves. Below 0 where a limit was lowered or passed over.
 *
 * The cap of a channel is hard: each contact of it counts, whatever may interrupt what. Against the
 * budget contacts that `channel` may interrupt do not count.
 */
export function roomIn(channel: Channel, facts: AgentFacts, atHand = atHandOf(facts)): number {
  return Math.min(capRoom(channel, facts, atHand), budgetRoom(channel, facts, atHand));
}

/** How many more contacts of a queue the agent can have, of which they may have `most` at once. */
export const roomInQueue = (queue: QueueId, most: number, facts: AgentFacts): number =>
  most - atHandOfQueue(queue, facts);

/** Whether the agent has a seat for the channel, and a device that works. */
export const isEquippedFor = (channel: Channel, { status }: AgentFacts): boolean =>
  !status.without?.includes(channel) && status.faults?.[channel] === undefined;

/** Whether the agent is ready, for the channel too; what they asked for and is still to come does not count. */
export const isReadyFor = (channel: Channel, { readiness }: AgentStatus): boolean =>
  readiness.state === 'ready' && readiness.except?.[channel] === undefined;

/** The channels that are the agent's: they have capacity for them, and a seat. */
export const channelsOf = ({ agent, status }: Pick<AgentFacts, 'agent' | 'status'>): Channel[] =>
  CHANNELS.filter(
    (channel) => (agent.capacity[channel] ?? 0) > 0 && !status.without?.includes(channel),
  );

function obstacleToAll(
  { status }: AgentFacts,
  { ringing }: Pick<AtHand, 'ringing'>,
): Obstacle | undefined {
  if (!status.present) return 'away';
  if (status.readiness.state === 'not-ready') return 'not-ready';
  if (status.pending?.state === 'not-ready') return 'not-ready-soon';
  return ringing > 0 ? 'rings' : undefined;
}

/** Whether an offer or an invitation rings at the agent. */
export const isRung = ({ work, parts }: Pick<AgentFacts, 'work' | 'parts'>): boolean =>
  work.some((item) => item.state === 'offered') ||
  parts.some(({ participant }) => participant.segment === undefined);

function obstacleToOne(channel: Channel, facts: AgentFacts, atHand: AtHand): Obstacle | undefined {
  const { status, agent } = facts;
  if ((agent.capacity[channel] ?? 0) === 0) return 'not-theirs'; // first: true of most channels
  if (status.without?.includes(channel)) return 'no-seat';
  const { readiness } = status;
  if (readiness.state === 'ready' && readiness.except?.[channel] !== undefined) {
    return 'not-ready-for-channel';
  }
  if (status.faults?.[channel] !== undefined) return 'device-error';
  return fullness(channel, facts, atHand) ?? obstacleAtSwitch(channel, facts);
}

function fullness(
  channel: Channel,
  facts: AgentFacts,
  atHand: AtHand,
): 'full' | 'over-budget' | undefined {
  if (capRoom(channel, facts, atHand) <= 0) return 'full';
  return budgetRoom(channel, facts, atHand) <= 0 ? 'over-budget' : undefined;
}

function capRoom(channel: Channel, facts: AgentFacts, atHand: AtHand): number {
  const own = facts.agent.capacity[channel] ?? 0;
  const cap = Math.min(own, facts.routing.mostPerAgent[channel] ?? own);
  return cap - atHand.of[channel];
}

function budgetRoom(channel: Channel, { agent, routing }: AgentFacts, atHand: AtHand): number {
  if (agent.budget === undefined) return Infinity;
  const interrupted = routing.interrupts[channel];
  let left = agent.budget;
  for (const each of CHANNELS) {
    const count = atHand.of[each];
    // A contact does not interrupt those of its own channel: they are equals.
    if (count === 0 || (each !== channel && interrupted?.includes(each))) continue;
    left -= count * weightOf(each, routing);
  }
  const weight = weightOf(channel, routing);
  if (weight === 0) return left < 0 ? left : Infinity;
  return Math.floor(left / weight);
}

const weightOf = (channel: Channel, { weights }: CentreRouting): number =>
  weights[channel] ?? USUAL_WEIGHTS[channel];
