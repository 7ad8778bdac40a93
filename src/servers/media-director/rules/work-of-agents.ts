import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

const NONE: ReadonlySet<WorkItemId> = new Set();

/** Whose work each open work item is: an index over the open items. */
export class WorkOfAgents {
  readonly #owned = new Map<AgentId, Set<WorkItemId>>();
  readonly #shared = new Map<AgentId, Set<WorkItemId>>();

  /** The offers and contacts of an agent; parked work is nobody's. */
  owned(agent: AgentId): ReadonlySet<WorkItemId> {
    return this.#owned.get(agent) ?? NONE;
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
    if (from !== to) {
      if (from) take(this.#owned, from, id);
      if (to) put(this.#owned, to, id);
    }
    if (before?.participants === after?.participants) return; // nearly always
    for (const { agent } of before?.participants ?? []) take(this.#shared, agent, id);
    for (const { agent } of after?.participants ?? []) put(this.#shared, agent, id);
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
