import type { AgentId, QueueId } from '#domain/ids.ts';
import type { QueueStanding } from '../contract.ts';
import { type Live, isOpen } from './live.ts';

/** What is in each queue that has work now. */
export function queueStandings(live: Live): Map<QueueId, QueueStanding> {
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

export const emptyQueue = (queue: QueueId): QueueStanding => ({
  queue,
  waiting: 0,
  oldestWaitingSince: null,
  withAgents: 0,
  parked: 0,
});

/** How many contacts each agent has now. */
export function contactsByAgent(live: Live): Map<AgentId, number> {
  const contacts = new Map<AgentId, number>();
  for (const segment of live.segments) {
    if (isOpen(segment)) contacts.set(segment.agent, (contacts.get(segment.agent) ?? 0) + 1);
  }
  return contacts;
}
