/**
 * All a decision may look at: the centre (the fold everybody shares), what follows from it for quick
 * choices, and the configuration. It changes by `apply` and `configure` alone.
 */
import type { Instant, Milliseconds } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { Queue, type Agent, type StoredDocument } from '#domain/configuration/documents.ts';
import { CentreRouting } from '#domain/configuration/routing.ts';
import { AgentId, QueueId, type WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { type AgentStatus } from '#domain/agent/agent-status.ts';
import { type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { loadOf, openChannels, roomInQueue, type AgentFacts, type Part } from './availability.ts';
import { FreeAgents } from './free-agents.ts';
import { LiveWaiting } from './live-waiting.ts';
import { WaitingWork } from './waiting-work.ts';
import { WorkOfAgents } from './work-of-agents.ts';

/** How a work item's pass ended; kept so that what arrives late is answered rightly. */
export interface Ending {
  readonly ending: 'handled' | 'abandoned' | 'forced' | 'transferred' | 'merged';
  /** The work item that goes on instead. */
  readonly to?: WorkItemId | undefined;
  readonly by?: AgentId | undefined;
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

const nothing = (): Touched => ({ items: new Set(), agents: new Set() });

export class DirectorState {
  readonly centre: Centre;
  readonly configuration = new Configuration();
  readonly policy: Policy;
  readonly waiting = new WaitingWork();
  readonly liveWaiting = new LiveWaiting();
  readonly free = new FreeAgents();
  /** The endings that are known here, the newest last. */
  readonly endings = new Map<WorkItemId, Ending>();
  lastOffer: number;
  entered: number;
  ended: number;
  /** The queues with their last sound definition: work in a retired one is still to be done. */
  readonly #queues = new Map<QueueId, Queue>();
  readonly #work = new WorkOfAgents();
  /** Routing for the whole centre. */
  #routing = CentreRouting.parse({});
  #touched = nothing();

  constructor(policy: Policy, from: StartingPoint = NOTHING_YET) {
    this.policy = policy;
    this.centre = Centre.of({
      position: from.position,
      items: [...from.items],
      agents: [...from.agents],
    });
    this.lastOffer = from.lastOffer;
    this.entered = from.entered;
    this.ended = from.ended;
    for (const item of from.items) this.#index(undefined, item);
    for (const agent of from.agents) this.#indexAgent(agent.id);
  }

  get position(): number {
    return this.centre.position;
  }

  item(id: WorkItemId): OpenWorkItem | undefined {
    return this.centre.items.get(id);
  }

  /** A queue, retired ones too: nothing only if there never was such a queue. */
  queue(id: QueueId): Queue | undefined {
    return this.configuration.get('queue', id) ?? this.#queues.get(id);
  }

  /** An agent who is logged in and configured, with the offers and contacts they have. */
  agent(id: AgentId): AgentFacts | undefined {
    const status = this.centre.agents.get(id);
    const agent = this.configuration.get('agent', id);
    if (!status || !agent) return undefined;
    return { status, agent, work: this.workOf(id), parts: this.partsOf(id), routing: this.routing };
  }

  /** The offers and contacts that an agent owns. */
  workOf(id: AgentId): OpenWorkItem[] {
    return [...this.#work.owned(id)].flatMap((item) => this.centre.items.get(item) ?? []);
  }

  /** What an agent takes part in without owning it, or is asked to. */
  partsOf(id: AgentId): Part[] {
    return [...this.#work.shared(id)].flatMap((shared): Part | [] => {
      const item = this.centre.items.get(shared);
      const participant = item?.participants?.find((p) => p.agent === id);
      return item && participant ? { item, participant } : [];
    });
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
    return this.#routing;
  }

  /** Takes an event in that was decided on this state: it stands at the next position. */
  apply(at: Instant, event: DirectorEvent): void {
    const id = 'item' in event ? event.item : undefined;
    const before = id && this.centre.items.get(id);
    const waitedForThem =
      event.type === 'agent-logged-out' ? [...this.waiting.only(event.agent)] : [];
    this.centre.apply({ position: this.centre.position + 1, at, body: event });

    if (id) this.#index(before, this.centre.items.get(id));
    for (const item of waitedForThem) this.#index(item, this.centre.items.get(item.id));
    this.#count(event);
    const agents = new Set([before?.agent, 'agent' in event ? event.agent : undefined]);
    for (const { agent } of before?.participants ?? []) agents.add(agent); // they may have left with it
    for (const agent of agents) if (agent) this.#indexAgent(agent);
  }

  /** Takes configuration in. What it changes for agents counts as touched. */
  configure(documents: Iterable<StoredDocument>): void {
    const queues = new Set<QueueId>();
    const agents = new Set<AgentId>();
    for (const document of documents) {
      this.configuration.apply(document);
      if (document.kind === 'queue') {
        const body = Queue.safeParse(document.body);
        const id = QueueId.safeParse(document.id);
        if (!body.success || !id.success) continue;
        this.#queues.set(id.data, body.data);
        queues.add(id.data);
      } else if (document.kind === 'agent') {
        const id = AgentId.safeParse(document.id);
        if (id.success && this.centre.agents.has(id.data)) agents.add(id.data);
      } else if (document.kind === 'organisation') {
        const [organisation] = this.configuration.all('organisation').values();
        this.#routing = organisation?.routing ?? CentreRouting.parse({});
        for (const agent of this.centre.agents.keys()) this.#indexAgent(agent);
      }
    }
    for (const agent of agents) this.#place(agent);
    for (const agent of this.centre.agents.keys()) {
      if (!agents.has(agent)) this.#replace(agent, queues);
    }
    if (queues.size > 0) this.#touchWaiting(queues);
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
    if (before?.state === 'queued') {
      this.waiting.delete(before);
      this.liveWaiting.delete(before);
    }
    if (after?.state === 'queued') {
      this.waiting.add(after);
      this.liveWaiting.add(after);
    }
    this.#work.replace(before, after);
  }

  /** What waits in these queues may fall due at another time, and suit others. */
  #touchWaiting(queues: ReadonlySet<QueueId>): void {
    for (const { id, state, queue } of this.centre.items.values()) {
      if (state === 'queued' && queues.has(queue)) this.#touched.items.add(id);
    }
  }

  #indexAgent(id: AgentId): void {
    this.#touched.agents.add(id);
    if (!this.centre.agents.has(id)) return this.free.leave(id);
    if (!this.free.queuesOf(id)) return this.#place(id);
    const facts = this.agent(id);
    if (!facts) return this.free.update({ agent: id, load: 0, idleSince: 0 }, []);
    const { idleSince } = facts.status;
    this.free.update({ agent: id, load: loadOf(facts), idleSince }, openChannels(facts));
  }

  /** Puts an agent in the pool of the queues they serve. */
  #place(id: AgentId): void {
    const agent = this.configuration.get('agent', id);
    const served = agent ? [...this.#queues].filter(([, q]) => doesServe(id, agent, q.serves)) : [];
    this.free.serve(
      id,
      served.map(([queue]) => queue),
    );
    this.#indexAgent(id);
  }

  /** Puts an agent in another pool where one of these queues makes the difference. */
  #replace(id: AgentId, changed: ReadonlySet<QueueId>): void {
    const agent = this.configuration.get('agent', id);
    const serves = this.free.queuesOf(id);
    if (!agent || !serves) return;
    const differ = [...changed].filter(
      (queue) => this.#serves(id, agent, queue) !== serves.has(queue),
    );
    if (differ.length === 0) return;
    this.free.serve(id, new Set(serves).symmetricDifference(new Set(differ)));
    this.#indexAgent(id);
  }

  #serves(id: AgentId, agent: Agent, queue: QueueId): boolean {
    const definition = this.#queues.get(queue);
    return definition !== undefined && doesServe(id, agent, definition.serves);
  }

  #count(event: DirectorEvent): void {
    const { type } = event;
    if (type === 'work-item-entered') this.entered++;
    if (type === 'work-item-offered') this.lastOffer = Math.max(this.lastOffer, event.offer);
    if (type === 'participant-invited') {
      this.lastOffer = Math.max(this.lastOffer, event.invitation); // one row of numbers for both
    }
    if (type === 'work-item-closed') this.#end(event.item, event);
    if (type === 'work-item-transferred') {
      this.#end(event.item, { ending: 'transferred', to: event.to, by: event.by });
    }
    if (type === 'work-item-merged') {
      this.#end(event.item, { ending: 'merged', to: event.into, by: event.by });
    }
  }

  #end(item: WorkItemId, { ending, to, by }: Ending): void {
    this.ended++;
    this.endings.set(item, { ending, to, by });
  }
}
