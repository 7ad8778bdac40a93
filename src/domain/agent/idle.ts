import type { CentreRouting } from '../configuration/routing.ts';
import type { Channel, Instant } from '../ids.ts';
import type { AgentStatus } from './agent-status.ts';

/**
 * Since when an agent counts as idle for work of `channel`: the only place where it is defined. By
 * `organisation.routing.idle`, the end of a contact of any channel begins it anew, or only of one of the
 * same; until one has ended it is counted from log-in. Where `notReadyResets`, coming back from not
 * ready does too, as every other change of readiness.
 */
export function idleSince(
  status: AgentStatus,
  channel: Channel,
  { resetBy, notReadyResets }: CentreRouting['idle'],
): Instant {
  const ended =
    resetBy === 'any-channel'
      ? status.idleSince
      : (status.idleSinceOf?.[channel] ?? status.loggedInSince);
  return notReadyResets ? Math.max(ended, status.since) : ended;
}

/**
 * Which part of their time an agent was occupied since they logged in, from 0 to 1: told when they last
 * became idle or began to work, and the same until that changes again.
 */
export function occupancyOf({
  loggedInSince,
  idleSince,
  busySince,
  occupied = 0,
}: AgentStatus): number {
  const time = (busySince ?? idleSince) - loggedInSince;
  return time > 0 ? Math.min(occupied / time, 1) : 0;
}
