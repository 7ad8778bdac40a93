/**
 * All a decision may look at: the centre (the fold everybody shares), what follows from it for quick
 * choices, and the configuration. It changes by `apply` and `configure` alone.
 */
import type { Instant, Milliseconds } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { Queue, StoredDocument } from '#domain/configuration/documents.ts';
import type { CentreRouting } from '#domain/configuration/routing.ts';
import type { AgentId, QueueId, WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { type AgentStatus } from '#domain/agent/agent-status.ts';
import { type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { AgentFacts, Part } from './agent-facts.ts';
import { roomInQueue } from './availability.ts';
import type { FreeAgents } from './free-agents.ts';
import { SwitchIndex } from './interlock/switch-index.ts';
import type { Waiting } from './line.ts';
import { LiveWaiting } from './live-waiting.ts';
import { placingOf } from './placing.ts';
import { QueueMemory, type Remembered } from './queue-memory.ts';
import { waitedFor } from './preferred.ts';
import { requirementOf } from './requirements.ts';
import { Roster } from './roster.ts';
import { RoutingConfiguration } from './routing-configuration.ts';
import { Signatures, type RequirementSignature } from './signatures.ts';
import { isPlacedAlike, WaitingWork } from './waiting-work.ts';

/** How a work item's pass ended; kept so that what arrives late is answered rightly. */
export interface Ending {
  readonly ending: 'handled' | 'abandoned' | 'forced' | 'transferred' | 'merged';
  /** The work item that goes on instead. */
  readonly to?: WorkItemId | undefined;
  readonly by?: AgentId | undefined;
  /** The work item it was split from. */
  readonly splitFrom?: WorkItemId | undefined;
}

/** What the rules need to know and no document says. */
export interface Policy {
  /** For so long an agent is not offered again what they did not take, if nobody else takes it. */
  readonly restAfterReturn: Milliseconds;
  /** After so long a vanished agent's e-mails and tasks go back to their queue. */
  readonly vanishedWorkReturns: Milliseconds;
  /** After so long a vanished agent without work is logged out. */
  readonly vanishedLogOut: Milliseconds;
}

/** Where a state begins: everything at one position of the journal. */
export interface StartingPoint {
  readonly position: number;
  readonly items: readonly OpenWorkItem[];
  readonly agents: readonly AgentStatus[];
  readonly lastOffer: number;
  /** How many work items ever entered, and how many ended. */
  readonly entered: number;
  readonly ended: number;
  /** Left out: nothing is remembered of the queues. */
  readonly queues?: Remembered | undefined;
}

/** The beginning of a centre that never had any work. */
export const NOTHING_YET: StartingPoint = {
  position: 0,
  items: [],
  agents: [],
  lastOffer: 0,
  entered: 0,
  ended: 0,
};

/** What changed since it was last asked. */
export interface Touched {
  readonly items: Set<WorkItemId>;
  readonly agents: Set<AgentId>;
}

const NONE: readonly OpenWorkItem[] = [];
const nothing = (): Touched => ({ items: new Set(), agents: new Set() });

export class DirectorState {
  readonly centre: Centre;
  readonly #routed = new RoutingConfiguration();
  readonly policy: Policy;
  readonly signatures = new Signatures();
  readonly waiting = new WaitingWork(this.signatures);
  readonly liveWaiting = new LiveWaiting();
  readonly memory: QueueMemory;
  readonly switches = new SwitchIndex();
  /** The endings that are known here, the newest last. */
  readonly endings = new Map<WorkItemId, Ending>();
  lastOffer: number;
  entered: number;
  ended: number;
  /** The revision that the journal says is in force; 0 until it says so. */
  revisionTaken = 0;
  readonly #roster = new Roster(this, this.signatures);
  /** When the newest event happened. */
  #at: Instant = 0;
  #touched = nothing();

  constructor(policy: Policy, from: StartingPoint = NOTHING_YET) {
    this.policy = policy;
    this.centre = Centre.of({
      position: from.position,
      items: [...from.items],
      agents: [...from.agents],
    });
    this.memory = new QueueMemory(from.queues);
    this.lastOffer = from.lastOffer;
    this.entered = from.entered;
    this.ended = from.ended;
    for (const item of from.items) this.#index(undefined, item);
    for (const agent of from.agents) this.#indexAgent(agent.id);
  }

  get configuration(): Configuration {
    return this.#routed.configuration;
  }

  get position(): number {
    return this.centre.position;
  }

  item(id: WorkItemId): OpenWorkItem | undefined {
    return this.centre.items.get(id);
  }

  /** Where a work item stands; nothing where it does not wait. */
  waitingOf(id: WorkItemId): Waiting | undefined {
    return this.item(id)?.state === 'queued' ? this.waiting.get(id) : undefined;
  }

  /** A queue, retired ones too: nothing only if there never was such a queue. */
  queue(id: QueueId): Queue | undefined {
    return this.#routed.queue(id);
  }

  /** An agent who is logged in and configured, with the offers and contacts they have. */
  agent(id: AgentId): AgentFacts | undefined {
    return this.#roster.facts(id);
  }

  /** Who may be offered what now. */
  get free(): FreeAgents {
    return this.#roster.free;
  }

  /** Who may be offered what once their switch has let go of them, or by their switch alone. */
  get reachable(): FreeAgents {
    return this.#roster.reachable;
  }

  /** What an item asks for, at present or in another step; nothing where its queue is not known. */
  signatureOf(item: OpenWorkItem, step = item.step): RequirementSignature | undefined {
    const of = this.queue(item.queue);
    if (!of) return undefined;
    const { serves } = of;
    const objective = item.serviceObjective ?? of.serviceObjective;
    const requirement = requirementOf(item, step);
    return this.signatures.of({ queue: item.queue, serves, requirement, objective });
  }

  /** Whether an agent who is logged in serves a queue. */
  serves(id: AgentId, queue: QueueId): boolean {
    const agent = this.configuration.get('agent', id);
    const serves = this.queue(queue)?.serves;
    return agent !== undefined && serves !== undefined && doesServe(id, agent, serves);
  }

  /** The offers and contacts that an agent owns. */
  workOf(id: AgentId): readonly OpenWorkItem[] {
    return this.#roster.work(id);
  }

  /** What an agent takes part in without owning it, or is asked to. */
  partsOf(id: AgentId): readonly Part[] {
    return this.#roster.parts(id);
  }

  /** Whether the agent may have one more contact of a queue: nearly always, for few queues set a limit. */
  hasRoomFor(queue: QueueId, agent: AgentId): boolean {
    const most = this.queue(queue)?.mostPerAgent;
    if (most === undefined) return true;
    const facts = this.agent(agent);
    return facts !== undefined && roomInQueue(queue, most, facts) > 0;
  }

  /** How the whole centre routes. */
  get routing(): CentreRouting {
    return this.#routed.routing;
  }

  /** Takes an event in that was decided on this state: it stands at the next position. */
  apply(at: Instant, event: DirectorEvent): void {
    this.#at = at;
    const id = 'item' in event ? event.item : undefined;
    const before = id && this.centre.items.get(id);
    const waitedForThem = event.type === 'agent-logged-out' ? this.waiting.only(event.agent) : NONE;
    this.centre.apply({ position: this.centre.position + 1, at, body: event });

    if (id) this.#index(before, this.centre.items.get(id));
    for (const item of waitedForThem) this.#index(item, this.centre.items.get(item.id));
    this.#count(event, before);
    this.memory.take(before, event, at);
    for (const agent of this.switches.heard(event)) this.#indexAgent(agent);
    const agent = 'agent' in event ? event.agent : undefined;
    if (agent) this.#indexAgent(agent);
    if (!before) return;
    if (before.agent && before.agent !== agent) this.#indexAgent(before.agent);
    if (!before.participants) return; // nearly always
    for (const { agent } of before.participants) this.#indexAgent(agent); // they may have left with it
  }

  /** Takes configuration in. What it changes for agents and waiting work counts as touched. */
  configure(documents: Iterable<StoredDocument>): void {
    this.#roster.touchAll();
    const { agents, forEverybody, replacesAll, replaced, lookedAt } = this.#routed.take(documents);
    const everybody = this.centre.agents;
    for (const id of forEverybody ? everybody.keys() : agents) {
      if (everybody.has(id)) this.#indexAgent(id); // as able as before, they may have other room
    }
    for (const id of replaced.size > 0 ? everybody.keys() : agents) this.#sign(id);
    if (!replacesAll && replaced.size + lookedAt.size === 0) return;
    for (const item of this.centre.items.values()) {
      const stands = item.state === 'queued' && (replacesAll || replaced.has(item.queue));
      if (stands) this.#place(item);
      if (stands || (isWanted(item) && lookedAt.has(item.queue))) this.#touched.items.add(item.id);
    }
  }

  /**
   * Looks again at what waits for preferred agents, where something happened to it or to them; what may
   * now go to others, or to them alone, counts as touched.
   */
  reconsider(touched: Touched, at: Instant): void {
    this.#at = at;
    const { items } = touched;
    for (const id of items) this.#reconsider(id, at);
    for (const agent of touched.agents) {
      const preferring = [...this.waiting.preferring(agent)]; // what is placed anew would come again
      for (const id of preferring) {
        if (!items.has(id) && this.#reconsider(id, at)) items.add(id);
      }
    }
  }

  /** @returns Whether it may go to others now, or to them alone. */
  #reconsider(id: WorkItemId, at: Instant): boolean {
    const waiting = this.waitingOf(id);
    if (!waiting || waiting.prefers.length === 0) return false;
    const only = waitedFor(this, waiting.item, at);
    if (only.join() === waiting.only.join()) return false;
    this.#place(waiting.item);
    return true;
  }

  /** Nobody is there any more who meets what a waiting item asks for: it is told when somebody could do less. */
  keepHoping(id: WorkItemId): void {
    const waiting = this.waiting.get(id);
    if (waiting) this.#place(waiting.item);
  }

  /** What changed since it was last taken. */
  get touched(): Touched {
    return this.#touched;
  }

  /** What changed since the last call. */
  takeTouched(): Touched {
    const touched = this.#touched;
    this.#touched = nothing();
    return touched;
  }

  #index(before: OpenWorkItem | undefined, after: OpenWorkItem | undefined): void {
    const id = before?.id ?? after?.id;
    if (id) this.#touched.items.add(id);
    if (before === after) return;
    this.#roster.replace(before, after);
    const waited = before?.state === 'queued' ? before : undefined;
    const waits = after?.state === 'queued' ? after : undefined;
    if (waited && waits && isPlacedAlike(waited, waits)) return this.waiting.update(waits);
    if (waited) {
      this.waiting.delete(waited.id);
      this.liveWaiting.delete(waited);
    }
    if (waits) {
      this.waiting.add(placingOf(this, waits, this.routing.ageing, this.#at));
      this.liveWaiting.add(waits);
    }
  }

  /** Puts a waiting item where it is found, in place of where it was. */
  #place(item: OpenWorkItem): void {
    this.waiting.delete(item.id);
    this.waiting.add(placingOf(this, item, this.routing.ageing, this.#at));
  }

  #indexAgent(id: AgentId): void {
    this.#touched.agents.add(id);
    const status = this.centre.agents.get(id);
    const isSigned = this.#roster.touch(id, status);
    const unasked = this.switches.update(id, status?.atSwitch);
    if (unasked) this.#touched.items.add(unasked);
    if (isSigned !== (status !== undefined)) this.#sign(id);
  }

  /** Finds out what an agent is like; of one who left, forgets it. */
  #sign(id: AgentId): void {
    const agent = this.centre.agents.has(id) ? this.configuration.get('agent', id) : undefined;
    if (this.#roster.sign(id, agent, this.#routed.listsOf(id))) this.#touched.agents.add(id);
  }

  #count(event: DirectorEvent, item: OpenWorkItem | undefined): void {
    const { type } = event;
    const splitFrom = item?.splitFrom;
    if (type === 'work-item-entered') this.entered++;
    if (type === 'configuration-taken') this.revisionTaken = event.revision;
    if (type === 'work-item-offered') this.lastOffer = Math.max(this.lastOffer, event.offer);
    if (type === 'participant-invited') {
      this.lastOffer = Math.max(this.lastOffer, event.invitation); // one row of numbers for both
    }
    if (type === 'work-item-closed') {
      const { ending, by } = event;
      this.#end(event.item, { ending, to: undefined, by, splitFrom });
    }
    if (type === 'work-item-transferred') {
      this.#end(event.item, { ending: 'transferred', to: event.to, by: event.by, splitFrom });
    }
    if (type === 'work-item-merged') {
      this.#end(event.item, { ending: 'merged', to: event.into, by: event.by, splitFrom });
    }
  }

  #end(item: WorkItemId, ending: Ending): void {
    this.ended++;
    this.endings.set(item, ending);
  }
}

/** Whether an item waits for an agent, or for their answer. */
const isWanted = ({ state }: OpenWorkItem): boolean => state === 'queued' || state === 'offered';
