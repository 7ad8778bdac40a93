import type { Instant, Milliseconds } from '#base/time.ts';
import type { AgentId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from './director-state.ts';
import type { BitSet } from './bit-set.ts';
import type { FreeAgents } from './free-agents.ts';
import { brakedUntil } from './brake.ts';
import { classOf, compareInLine, compareWork, endOf, keyOf, needAt, staysWith } from './order.ts';
import { isResting } from './rest.ts';
import type { AgentSignature } from './signatures.ts';
import type { Field } from './field.ts';
import type { Line, Waiting } from './line.ts';

const NONE: readonly never[] = [];

/** How work is chosen where it is not for an offer of the moment. */
export interface WorkOptions {
  /** Whether the agent rather stays with the queue they served last, as the centre's `hysteresis` says; true where left out. */
  readonly stays?: boolean;
  /** Says what the agent may have; left out: who is free. */
  readonly free?: FreeAgents;
  /** Work that is passed over. */
  readonly skips?: (item: WorkItemId) => boolean;
}

/**
 * Chooses the work for an agent, among all that waits for somebody like them or for them alone: by tier,
 * priority, then the greatest need. Work that they cannot take holds nothing up.
 */
export function chooseWork(
  state: DirectorState,
  agent: AgentId,
  at: Instant,
  options: WorkOptions = {},
): OpenWorkItem | undefined {
  const { free = state.free, stays = true, skips } = options;
  const place = free.place(agent);
  const [one] = place?.candidates ?? [];
  if (!place?.signature || !one) return undefined;

  const last = stays ? one.facts.status.lastQueue : undefined;
  const search = new Search({ state, agent, at, last, skips });
  for (const line of state.waiting.personal(agent)) {
    if (place.candidate(line.channel)) search.look(line);
  }
  for (const { channel } of place.candidates) {
    search.lookThrough(state.waiting.field(channel), place.signature);
  }
  return search.best?.item;
}

interface SearchOptions {
  readonly state: DirectorState;
  readonly agent: AgentId;
  readonly at: Instant;
  /** The queue they rather stay with. */
  readonly last: QueueId | undefined;
  readonly skips: WorkOptions['skips'];
}

/**
 * What was found so far: what is first of all, and what is first of the objective of the queue that the
 * agent rather stays with.
 */
class Search {
  readonly #options: SearchOptions;
  /** The objective of the queue they rather stay with. */
  readonly #stays: Milliseconds | undefined;
  #first: Waiting | undefined;
  #need = 0;
  #own: Waiting | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
    const { state, last } = options;
    this.#stays = last === undefined ? undefined : state.queue(last)?.serviceObjective;
  }

  /**
   * The one in greatest need; but the agent stays with the queue they served last, unless another's need is
   * greater by the hysteresis. Among queues of one objective nobody stays: there what is older always goes
   * first.
   */
  get best(): Waiting | undefined {
    const { state, at, last } = this.#options;
    const [first, own] = [this.#first, this.#own];
    if (!first || own?.item.queue !== last || own?.class !== first.class) return first;
    return staysWith(own, first, at, state.routing.hysteresis) ? own : first;
  }

  /** Looks at what comes first of every signature that the agent meets. */
  lookThrough(field: Field, { met }: AgentSignature): void {
    if (this.#lookAtLikely(field, met)) return;
    const { asked } = field;
    for (let next = met.nextIn(asked, 0); next >= 0; next = met.nextIn(asked, next + 1)) {
      this.#lookAt(field, next);
    }
  }

  /**
   * Looks at the signatures whose first items stand before all others: of all, and of the objective of the
   * queue that the agent rather stays with.
   *
   * @returns Whether nothing else of the field can be chosen: nearly always, for they may nearly always have
   *   what is first.
   */
  #lookAtLikely(field: Field, met: BitSet): boolean {
    const { at } = this.#options;
    const { asked } = field;
    const stays = this.#stays;
    let first = -1;
    let firstClass = Infinity;
    let behindFirst = Infinity;
    let firstNeed = -Infinity;
    let own = -1;
    let ownOrder = Infinity;
    let isTied = false;
    for (let next = met.nextIn(asked, 0); next >= 0; next = met.nextIn(asked, next + 1)) {
      const order = field.orderOf(next);
      const objective = field.objectiveOf(next);
      if (objective === stays) {
        if (order === ownOrder) isTied = true;
        if (order < ownOrder) {
          own = next;
          ownOrder = order;
        }
      }
      if (order >= behindFirst) continue; // nearly always: of a class that comes behind
      const ofClass = classOf(order);
      const need = needAt({ key: keyOf(order, ofClass), objective }, at);
      if (ofClass === firstClass && need <= firstNeed) {
        if (need === firstNeed) isTied = true;
        continue;
      }
      first = next;
      firstClass = ofClass;
      behindFirst = endOf(ofClass);
      firstNeed = need;
    }
    if (first < 0) return true;
    this.#lookAt(field, first);
    if (own >= 0) this.#lookAt(field, own);
    if (isTied || !this.#first) return false;
    const isFirst =
      this.#first.class < firstClass ||
      (this.#first.class === firstClass && this.#need >= firstNeed);
    return isFirst && (own < 0 || (this.#own !== undefined && this.#own.order <= ownOrder));
  }

  #lookAt(field: Field, signature: number): void {
    const objective = field.objectiveOf(signature);
    const first = field.first(signature);
    if (!first || this.#isBehind(field.orderOf(signature), objective)) return;
    this.look(first);
    for (const line of field.several(signature) ?? NONE) {
      if (line.head && this.#isBehind(line.head.order, objective)) return; // so is the rest
      if (line !== first) this.look(line);
    }
  }

  /** The first in the line that the agent may have counts as found, where it stands before what was. */
  look({ queue, asks, head, items }: Line): void {
    const { state, agent, at } = this.#options;
    if (!head || !state.hasRoomFor(queue, agent)) return;
    const isBraked = brakedUntil(state, queue, at) !== undefined;
    if (isBraked && asks) return;
    const found = this.#mayHave(head, isBraked)
      ? head
      : items.find((waiting) => this.#mayHave(waiting, isBraked));
    if (!found) return;
    if (!this.#first || compareWork(found, this.#first, at) < 0) {
      this.#first = found;
      this.#need = needAt(found, at);
    }
    if (found.objective !== this.#stays) return;
    if (!this.#own || compareInLine(found, this.#own) < 0) this.#own = found;
  }

  #mayHave({ id, item }: Waiting, isBraked: boolean): boolean {
    const { state, agent, at, skips } = this.#options;
    // transfers to this agent pass, whatever their queue's brake says: they stand among no others
    if (isBraked && item.onlyAgent === undefined) return false;
    return !isResting(state.policy, item, agent, at) && !skips?.(id);
  }

  /** Whether nothing of an objective can be chosen any more that stands at `order` or behind. */
  #isBehind(order: number, objective: Milliseconds): boolean {
    const first = this.#first;
    if (!first) return false;
    const ofClass = classOf(order);
    if (ofClass !== first.class) return ofClass > first.class;
    if (objective === this.#stays && !(this.#own && order > this.#own.order)) return false;
    return needAt({ key: keyOf(order, ofClass), objective }, this.#options.at) < this.#need;
  }
}
