/** Whose hands a work item came back from, and for how long it is kept from them. */
import type { Instant, Milliseconds } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { RequeueReason } from '#domain/work-item/event.ts';

/** Returns after which it should rather go to somebody else. */
const REFUSALS: ReadonlySet<RequeueReason> = new Set([
  'declined',
  'no-answer',
  'device-error',
  'pulled-back',
  'owner-left',
]);

/** How long a refusal lasts. */
interface Rest {
  readonly restAfterReturn: Milliseconds;
}

const NOBODY: ReadonlySet<AgentId> = new Set();

/** The agents who had it and did not keep it. */
export function refusedBy(item: OpenWorkItem): ReadonlySet<AgentId> {
  if (!item.returns) return NOBODY;
  return new Set(item.returns.flatMap((r) => (r.agent && REFUSALS.has(r.reason) ? [r.agent] : [])));
}

/** When the agent may have it again; nothing where they never refused it. */
export function restEnds(policy: Rest, item: OpenWorkItem, agent: AgentId): Instant | undefined {
  const refusal = item.returns?.findLast((r) => r.agent === agent && REFUSALS.has(r.reason));
  return refusal && refusal.at + policy.restAfterReturn;
}

/** Whether the agent must not be offered it yet. A wall clock that was set back ends every rest. */
export function isResting(policy: Rest, item: OpenWorkItem, agent: AgentId, at: Instant): boolean {
  const ends = restEnds(policy, item, agent);
  return ends !== undefined && at < ends && at >= ends - policy.restAfterReturn;
}
