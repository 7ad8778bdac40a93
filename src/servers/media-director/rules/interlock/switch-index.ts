import type { AgentId, CallId, SwitchId, WorkItemId } from '#domain/ids.ts';
import type { AtSwitch } from '#domain/switch/at-switch.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';

const NOBODY: readonly AgentId[] = [];

/** What concerns switches and is to be found quickly: an index over the agents. */
export class SwitchIndex {
  /** Work for which a switch was asked to let go of an agent. */
  readonly askedFor = new Map<WorkItemId, AgentId>();
  /** Calls that are about to land, and where. */
  readonly routes = new Map<CallId, AgentId>();
  /** What was last heard of a link; nothing in this director's time where a switch is missing. */
  readonly links = new Map<SwitchId, boolean>();
  /** Who is not here, and was to be made ready again at their switch; another director asks anew. */
  readonly owed = new Map<AgentId, DirectorEvent & { type: 'restore-requested' }>();
  readonly #known = new Map<AgentId, AtSwitch>();

  /** No switch told of anybody. */
  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  readonly isAskedFor = (item: WorkItemId): boolean => this.askedFor.has(item);

  /**
   * What an agent is at their switch now; nothing where they logged out.
   *
   * @returns The work that this agent is not asked for any more: it may go to another.
   */
  update(agent: AgentId, at: AtSwitch | undefined): WorkItemId | undefined {
    if (this.#known.size === 0 && !at) return undefined; // in most centres
    const before = this.#known.get(agent);
    if (before === at) return undefined;
    const asked = before?.interlock?.item;
    if (asked) this.askedFor.delete(asked);
    if (before?.routed) this.routes.delete(before.routed.call);
    if (at) this.#known.set(agent, at);
    else this.#known.delete(agent);
    if (at?.interlock?.item) this.askedFor.set(at.interlock.item, agent);
    if (at?.routed) this.routes.set(at.routed.call, agent);
    return asked === at?.interlock?.item ? undefined : asked;
  }

  /**
   * Remembers what concerns switches or whoever is not here.
   *
   * @returns The agents of a switch that is lost: all that was known of them is void.
   */
  heard(event: DirectorEvent): readonly AgentId[] {
    switch (event.type) {
      case 'switch-link-changed':
        this.links.set(event.switch, event.up);
        return event.up ? NOBODY : this.agentsOf(event.switch);
      case 'restore-requested':
        if (!this.#known.has(event.agent)) this.owed.set(event.agent, event);
        return NOBODY;
      case 'restore-confirmed':
      case 'switch-state-changed':
      case 'agent-logged-in':
        this.owed.delete(event.agent);
        return NOBODY;
      default:
        return NOBODY;
    }
  }

  /** The agents that a switch told of. */
  agentsOf(of: SwitchId): AgentId[] {
    return [...this.#known].flatMap(([agent, at]) => (at.switch === of ? [agent] : []));
  }

  /** The switches that told of anybody who is here. */
  get switches(): ReadonlySet<SwitchId> {
    return new Set([...this.#known.values()].map((at) => at.switch));
  }
}
