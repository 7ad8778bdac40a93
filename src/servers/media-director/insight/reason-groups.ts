import type { AgentId } from '#domain/ids.ts';
import type { Reason, ReasonGroup } from '#domain/work-item/explanation.ts';

/** Gathers agents by why they do not get it: all are counted, so many of each reason are named. */
export class ReasonGroups {
  readonly #mostNamed: number;
  readonly #groups = new Map<Reason['type'], ReasonGroup>();

  constructor(mostNamed: number) {
    this.#mostNamed = mostNamed;
  }

  add(agent: AgentId, reason: Reason): void {
    const { type } = reason;
    let group = this.#groups.get(type);
    if (!group) this.#groups.set(type, (group = { type, count: 0, agents: [] }));
    group.count++;
    if (group.agents.length < this.#mostNamed) group.agents.push({ agent, reason });
  }

  /** Who came closest first, then the most frequent reason. */
  all(): ReasonGroup[] {
    return [...this.#groups.values()].toSorted(
      (a, b) => isClose(b) - isClose(a) || b.count - a.count || (a.type < b.type ? -1 : 1),
    );
  }
}

/** They could have had it. */
const isClose = ({ type }: ReasonGroup): number =>
  type === 'outranked' || type === 'other-work' ? 1 : 0;
