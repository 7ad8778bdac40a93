import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import { activityOf } from './activity.ts';
import type { Batch } from './batch.ts';
import type { LiveAgent } from '../contract.ts';

type Doing = Omit<LiveAgent, 'status'>;

/** Counts how agents spend their time from login to logout. */
export class AgentTally {
  readonly #doing = new Map<AgentId, Doing>();

  constructor(agents: readonly LiveAgent[]) {
    for (const { status, ...doing } of agents) this.#doing.set(status.id, doing);
  }

  doing(agent: AgentId): Doing | undefined {
    return this.#doing.get(agent);
  }

  /** Says how an agent stands behind an event: `status` is left out when they are logged out. */
  follow(
    at: Instant,
    { id, status, contacts }: { id: AgentId; status: AgentStatus | undefined; contacts: number },
    batch: Batch,
  ): void {
    const before = this.#doing.get(id);
    const now = status && activityOf(status, contacts);
    const isSame = before?.activity === now?.activity && before?.reason === now?.reason;
    if (before || now) batch.touch({ kind: 'agent', id });
    if (isSame) return;
    if (before) batch.spent(id, before, { from: before.since, to: at });
    if (now) this.#doing.set(id, { ...now, since: at });
    else this.#doing.delete(id);
  }
}
