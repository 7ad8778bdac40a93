import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

const NOTHING: readonly OpenWorkItem[] = [];
const NONE: ReadonlySet<WorkItemId> = new Set();

/** Whose work each open work item is: an index over the open items. */
export class WorkOfAgents {
  /** Replaced and never altered: whoever was given one may keep it. */
  readonly #owned = new Map<AgentId, readonly OpenWorkItem[]>();
  readonly #shared = new Map<AgentId, Set<WorkItemId>>();

  /** The offers and contacts of an agent; parked work is nobody's. */
  owned(agent: AgentId): readonly OpenWorkItem[] {
    return this.#owned.get(agent) ?? NOTHING;
  }

  /** Work of others in which the agent takes part, or is asked to. */
  shared(agent: AgentId): ReadonlySet<WorkItemId> {
    return this.#shared.get(agent) ?? NONE;
  }

  /** An item changed: `before` or `after` is missing where it came or went. */
  replace(before: OpenWorkItem | undefined, after: OpenWorkItem | undefined): void {
    const id = before?.id ?? after?.id;
    if (id === undefined) return;
    const from = ownerOf(before);
    const to = ownerOf(after);
    if (from && from !== to) this.#give(from, id, undefined);
    if (to) this.#give(to, id, after);
    if (before?.participants === after?.participants) return; // nearly always
    for (const { agent } of before?.participants ?? []) take(this.#shared, agent, id);
    for (const { agent } of after?.participants ?? []) put(this.#shared, agent, id);
  }

  /** An agent's item is from now on `item`; nothing: it is theirs no more. */
  #give(agent: AgentId, id: WorkItemId, item: OpenWorkItem | undefined): void {
    const items: OpenWorkItem[] = [];
    let isKnown = false;
    for (const one of this.owned(agent)) {
      const isIt = one.id === id;
      if (!isIt) items.push(one);
      else if (item) items.push(item);
      isKnown ||= isIt;
    }
    if (item && !isKnown) items.push(item);
    if (items.length > 0) this.#owned.set(agent, items);
    else this.#owned.delete(agent);
  }
}

/** Whom it keeps busy; parked work is nobody's. */
function ownerOf(item: OpenWorkItem | undefined): AgentId | undefined {
  return item?.state === 'parked' ? undefined : item?.agent;
}

function put(into: Map<AgentId, Set<WorkItemId>>, agent: AgentId, item: WorkItemId): void {
  const items = into.get(agent);
  if (items) items.add(item);
  else into.set(agent, new Set([item]));
}

function take(from: Map<AgentId, Set<WorkItemId>>, agent: AgentId, item: WorkItemId): void {
  const items = from.get(agent);
  items?.delete(item);
  if (items?.size === 0) from.delete(agent);
}
