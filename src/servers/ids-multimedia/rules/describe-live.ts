import type { z } from 'zod';
import type { Instant } from '#base/time.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import type { Balance } from '#domain/metrics/board.ts';
import { type Counts, noCounts } from '#domain/metrics/counts.ts';
import { INTERVAL, intervalOf } from '#domain/metrics/interval.ts';
import type { QueueStanding, idsMultimedia } from '../contract.ts';
import { type Live, isOpen } from './live.ts';

export type LiveAnswer = z.infer<(typeof idsMultimedia)['methods']['live']['result']>;

/** The one range from `since` to the end of the present interval. */
export function edgesUpTo(since: Instant, now: Instant): [Instant, Instant] {
  const first = intervalOf(since);
  return [first, Math.max(intervalOf(now), first) + INTERVAL];
}

/** This moment: everybody logged in, every queue that has work or counts. */
export function describeLive(
  { live, now, balance }: { readonly live: Live; readonly now: Instant; readonly balance: Balance },
  counts: {
    readonly queues: readonly { readonly queue?: QueueId | undefined; readonly counts: Counts }[];
    readonly agents: readonly { readonly agent?: AgentId | undefined; readonly counts: Counts }[];
  },
): LiveAnswer {
  const byQueue = new Map(counts.queues.map((row) => [row.queue, row.counts]));
  const byAgent = new Map(counts.agents.map((row) => [row.agent, row.counts]));
  const standings = queueStandings(live);
  for (const { queue } of counts.queues) {
    if (queue !== undefined && !standings.has(queue)) standings.set(queue, emptyQueue(queue));
  }
  const contacts = contactsByAgent(live);
  return {
    version: live.position,
    at: now,
    queues: [...standings.values()]
      .toSorted((a, b) => (a.queue < b.queue ? -1 : 1))
      .map((standing) => ({ ...standing, counts: byQueue.get(standing.queue) ?? noCounts() })),
    agents: live.agents.map((agent) => ({
      ...agent,
      contacts: contacts.get(agent.status.id) ?? 0,
      counts: byAgent.get(agent.status.id) ?? noCounts(),
    })),
    balance,
  };
}

function queueStandings(live: Live): Map<QueueId, QueueStanding> {
  const standings = new Map<QueueId, QueueStanding>();
  for (const { item, waitingSince } of live.passes) {
    let standing = standings.get(item.queue);
    if (!standing) standings.set(item.queue, (standing = emptyQueue(item.queue)));
    if (waitingSince !== undefined) {
      standing.waiting += 1;
      standing.oldestWaitingSince = Math.min(standing.oldestWaitingSince ?? Infinity, waitingSince);
    } else if (item.state === 'parked') standing.parked += 1;
    else standing.withAgents += 1;
  }
  return standings;
}

const emptyQueue = (queue: QueueId): QueueStanding => ({
  queue,
  waiting: 0,
  oldestWaitingSince: null,
  withAgents: 0,
  parked: 0,
});

/** How many contacts each agent has now. */
function contactsByAgent(live: Live): Map<AgentId, number> {
  const contacts = new Map<AgentId, number>();
  for (const segment of live.segments) {
    if (isOpen(segment)) contacts.set(segment.agent, (contacts.get(segment.agent) ?? 0) + 1);
  }
  return contacts;
}
