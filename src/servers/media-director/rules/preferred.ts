/** Whom a work item waits for though others could have it: its preferred agents, for a while. */
import type { Instant } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import { meets } from '#domain/requirement/meets.ts';
import { waitsSince, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Queue } from '#domain/configuration/documents.ts';
import type { AgentFacts } from './agent-facts.ts';
import { isReadyFor, obstacleTo, unableTo, type Obstacle } from './availability.ts';
import { requirementOf } from './requirements.ts';
import { refusedBy } from './rest.ts';

/** What is known of agents and queues. */
interface Known {
  /** Nothing where they are not logged in. */
  agent(id: AgentId): AgentFacts | undefined;
  queue(id: QueueId): Queue | undefined;
}

/** Whom it prefers, the first of all first. */
export function preferredAgents({
  preferredAgent: first,
  accountOwner: other,
}: OpenWorkItem): readonly AgentId[] {
  if (first === undefined) return other === undefined ? NOBODY : [other];
  return other === undefined || other === first ? [first] : [first, other];
}

const NOBODY: readonly AgentId[] = [];

/** Until when work that comes back at `at` waits for whom it prefers. */
export const waitsForPreferredUntil = (
  known: Pick<Known, 'queue'>,
  queue: QueueId,
  at: Instant,
): Instant => at + (known.queue(queue)?.preferredWait ?? 0);

/**
 * When its waiting for preferred agents is over; nothing where it does not wait for them. A wall clock
 * that was set back to before it came into its queue ends it.
 */
export function preferenceEnds(item: OpenWorkItem, at: Instant): Instant | undefined {
  const { state, onlyAgent, waitsForPreferredUntil: until } = item;
  if (state !== 'queued' || onlyAgent !== undefined || until === undefined) return undefined;
  return at >= waitsSince(item) && at < until ? until : undefined;
}

/**
 * The preferred agents it waits for at this moment: they are there and could take it but for room. Who is
 * away, not ready, or did not want it is not waited for.
 */
export function waitedFor(known: Known, item: OpenWorkItem, at: Instant): AgentId[] {
  if (preferenceEnds(item, at) === undefined) return [];
  const refused = refusedBy(item);
  return preferredAgents(item).filter(
    (agent) => !refused.has(agent) && isWorthWaiting(known, item, agent),
  );
}

/** Obstacles that end by themselves as work goes on. */
const PASSING: ReadonlySet<Obstacle | undefined> = new Set([
  undefined,
  'rings',
  'full',
  'over-budget',
]);

function isWorthWaiting(known: Known, item: OpenWorkItem, id: AgentId): boolean {
  const facts = known.agent(id);
  if (!facts || !suits(known, item, id)) return false;
  return (
    isReadyFor(item.channel, facts.status) &&
    PASSING.has(obstacleTo(item.channel, facts)) &&
    PASSING.has(unableTo(item.channel, facts))
  );
}

/** Whether an agent serves the item's queue and is what it asks for in its present step. */
export function suits(known: Known, item: OpenWorkItem, id: AgentId): boolean {
  const agent = known.agent(id)?.agent;
  const serves = known.queue(item.queue)?.serves;
  if (!agent || !serves || !doesServe(id, agent, serves)) return false;
  const { must } = requirementOf(item);
  return must === undefined || meets(agent, must);
}
