/** Who comes first: all orders that choices go by, of waiting work and of agents. */
import type { AgentId, Channel, WorkItemId } from '#domain/ids.ts';
import type { AgentOrder } from '#domain/configuration/routing.ts';
import type { Queue } from '#domain/configuration/documents.ts';
import type { Instant, Milliseconds } from '#base/time.ts';
import { idleSince, occupancyOf } from '#domain/agent/idle.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { atHandOf } from './at-hand.ts';
import type { AgentFacts } from './agent-facts.ts';
import { roomIn } from './availability.ts';

/** Where waiting work stands. Nothing of it changes while it waits: time alone never re-sorts a line. */
export interface WorkRank {
  readonly id: WorkItemId;
  /** 0 stands above all. */
  readonly tier: number;
  /** The strict class of priority; 0 for all where work ages into more urgent ones. */
  readonly urgency: number;
  /** Since when it counts as waiting: where work ages, the more urgent for as much longer as that is worth. */
  readonly key: Instant;
  /** Within which time it is meant to be served. */
  readonly objective: Milliseconds;
  readonly enteredAt: Instant;
  /** Tier above strict class: all of one comes before all of the next. */
  readonly class: number;
  /** Class and key in one number: the order of its queue, but for ties. */
  readonly order: number;
}

/** Room for all keys of a class: a thousand years before 1970 and after, and all classes in a safe integer. */
const KEYS = 2 ** 46;

/** Nothing counts as waiting for longer than some nine hundred years, whatever its class is worth. */
const LONGEST_LEAD = KEYS / 2 - 2 ** 43;

const LEAST_URGENT = 9;

type QueueTerms = Pick<Queue, 'tier' | 'serviceObjective'>;

/** Where no queue says anything: as the defaults of its document. */
const USUAL_TERMS: QueueTerms = { tier: 5, serviceObjective: 60_000 };

/** Where a work item stands in the order of its queue. @param ageing `organisation.routing.ageing` */
export function rankOf(
  { id, tier, priority, enteredAt, serviceObjective }: OpenWorkItem,
  queue: QueueTerms = USUAL_TERMS,
  ageing: Milliseconds = 0,
): WorkRank {
  const known = tier ?? queue.tier;
  const objective = serviceObjective ?? queue.serviceObjective;
  const urgency = ageing === 0 ? priority : 0;
  // in proportion to the objective: at equal priority, ageing must not change whose need is greater
  const worth = Math.round((ageing * objective) / USUAL_TERMS.serviceObjective);
  const key = enteredAt - Math.min((LEAST_URGENT - priority) * worth, LONGEST_LEAD);
  const of = known * 10 + urgency;
  return {
    id,
    tier: known,
    urgency,
    key,
    objective,
    enteredAt,
    class: of,
    order: (of + 0.5) * KEYS + Math.min(key, KEYS / 2 - 1),
  };
}

/** The class of an order number. */
export const classOf = (order: number): number => Math.floor(order / KEYS);

/** Where the order numbers of the next class begin. */
export const endOf = (ofClass: number): number => (ofClass + 1) * KEYS;

/** The key of an order number of a class. */
export const keyOf = (order: number, ofClass: number): Instant => order - (ofClass + 0.5) * KEYS;

/**
 * How much of its queue's service objective a work item counts as having waited, 1 being all of it.
 * What is still to come, after a clock was set back, is the more in need the sooner it comes: a share
 * of the objective would put the most patient queue first.
 */
export function needAt(
  { key, objective }: Pick<WorkRank, 'key' | 'objective'>,
  at: Instant,
): number {
  const waited = at - key;
  return waited < 0 ? waited : waited / objective;
}

/**
 * Whether an agent stays with the queue of `own`, though the need of `other` is greater: by no more than
 * `hysteresis` percent of what `own` has really waited. What its priority is worth does not count twice.
 */
export function staysWith(
  own: WorkRank,
  other: WorkRank,
  at: Instant,
  hysteresis: number,
): boolean {
  const share = Math.max(at - own.enteredAt, 0) / own.objective;
  return needAt(other, at) - needAt(own, at) <= (share * hysteresis) / 100;
}

/**
 * The order of work at a moment: tier, then strict priority, then the greatest need, and of equal need
 * what came in first. Within one objective that is simply the age.
 */
export function compareWork(a: WorkRank, b: WorkRank, at: Instant): number {
  if (a.objective === b.objective) return compareInLine(a, b);
  return (
    a.tier - b.tier || a.urgency - b.urgency || needAt(b, at) - needAt(a, at) || compareEntry(a, b)
  );
}

/** The order of work under one service objective: the same at any moment. */
export function compareInLine(a: WorkRank, b: WorkRank): number {
  return a.tier - b.tier || a.urgency - b.urgency || a.key - b.key || compareEntry(a, b);
}

const compareEntry = (a: WorkRank, b: WorkRank): number =>
  a.enteredAt - b.enteredAt || compareText(a.id, b.id);

/** What the orders of agents go by; of one channel. */
export interface Candidate {
  readonly agent: AgentId;
  readonly channel: Channel;
  /** Offers, contacts and wrap-ups at hand. */
  readonly load: number;
  readonly idleSince: Instant;
  /** From 0 to 1. */
  readonly occupancy: number;
  /** How many more contacts of the channel they could have. */
  readonly room: number;
  /** 0: never. */
  readonly lastOfferAt: Instant;
  /** What all this was found out of. */
  readonly facts: AgentFacts;
}

/** How an agent stands among those who could have work of `channel`. */
export function candidateOf(
  facts: AgentFacts,
  channel: Channel,
  atHand = atHandOf(facts),
): Candidate {
  const { status, routing } = facts;
  return {
    agent: status.id,
    channel,
    load: atHand.load,
    idleSince: idleSince(status, channel, routing.idle),
    occupancy: occupancyOf(status),
    room: roomIn(channel, facts, atHand),
    lastOfferAt: status.lastOfferAt ?? 0,
    facts,
  };
}

/**
 * Idle agents first, the longest idle at the head; then those with least at hand. Nobody who is busy is
 * idle, however long ago their last contact ended.
 */
export function compareAgents(a: Candidate, b: Candidate): number {
  return a.load - b.load || a.idleSince - b.idleSince || compareText(a.agent, b.agent);
}

/**
 * The orders of agents that a queue may ask for. Equals in an order go by `compareAgents`. What
 * `most-skilled` goes by depends on the work and not on the candidate: it is compared before.
 */
export const AGENT_ORDERS: Readonly<Record<AgentOrder, (a: Candidate, b: Candidate) => number>> = {
  'longest-idle': compareAgents,
  'least-occupied': (a, b) => a.load - b.load || a.occupancy - b.occupancy || compareAgents(a, b),
  'most-skilled': compareAgents,
  'most-spare-capacity': (a, b) => b.room - a.room || compareAgents(a, b),
  'round-robin': (a, b) => a.lastOfferAt - b.lastOfferAt || compareAgents(a, b),
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
