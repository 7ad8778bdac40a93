import type { AgentActivity } from '#domain/metrics/board.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';

/** What an agent does who has so many contacts. Work shows before readiness: a busy agent is busy. */
export function activityOf(
  status: AgentStatus,
  contacts: number,
): { readonly activity: AgentActivity; readonly reason?: string } {
  if (contacts > 0) return { activity: 'busy' };
  if (status.wrapUps.length > 0) return { activity: 'wrap-up' };
  return status.readiness.state === 'ready'
    ? { activity: 'ready' }
    : { activity: 'not-ready', reason: status.readiness.reason };
}
