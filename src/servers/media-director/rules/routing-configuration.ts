import { Queue, type StoredDocument } from '#domain/configuration/documents.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { CentreRouting } from '#domain/configuration/routing.ts';
import { AgentId, QueueId } from '#domain/ids.ts';
import { overflowsBy } from '#domain/queue/admission.ts';

/** What a change of the configuration leaves to do: nothing for what routing does not go by. */
export interface ConfigurationNews {
  /** Agents who are something else now, or can have something else. */
  readonly agents: ReadonlySet<AgentId>;
  /** The centre's own routing is another: everybody may have other room. */
  readonly forEverybody: boolean;
  /** Everything that waits stands elsewhere. */
  readonly replacesAll: boolean;
  /** Queues whose work stands elsewhere, or is for others. */
  readonly replaced: ReadonlySet<QueueId>;
  /** Queues whose work may go on at another time, or to whom it could not go. */
  readonly lookedAt: ReadonlySet<QueueId>;
}

/** Who may have its work, and where that stands. */
const PLACING = ['serves', 'serviceObjective', 'tier'] as const;
/** When its work falls due, and who has room for it. */
const LOOKING = [
  'limits',
  'overflow',
  'autoAcceptAfter',
  'mostPerAgent',
  'offersPerMinute',
] as const;
/** Where work goes on that is not its own. */
const PASSING_ON = ['overflow', 'schedule'] as const;

/** The configuration with what routing goes by, and what of that a change concerns. */
export class RoutingConfiguration {
  readonly configuration = new Configuration();
  /** The queues with their last sound definition: work in a retired one is still to be done. */
  readonly #queues = new Map<QueueId, Queue>();
  #routing = CentreRouting.parse({});
  /** Of every agent the queues that list them: made when somebody asks, and again after a queue has changed. */
  #lists: Map<AgentId, Set<QueueId>> | undefined;

  /** Routing for the whole centre. */
  get routing(): CentreRouting {
    return this.#routing;
  }

  /** A queue, retired ones too: nothing only if there never was such a queue. */
  queue(id: QueueId): Queue | undefined {
    return this.#queues.get(id);
  }

  /** The queues that list an agent by name. */
  listsOf(agent: AgentId): ReadonlySet<QueueId> {
    return (this.#lists ??= this.#listAll()).get(agent) ?? NONE;
  }

  /** Takes documents in, in this order. @returns What that leaves to do. */
  take(documents: Iterable<StoredDocument>): ConfigurationNews {
    const agents = new Set<AgentId>();
    const replaced = new Set<QueueId>();
    const lookedAt = new Set<QueueId>();
    const passesOn = { queues: new Set<string>(), schedules: new Set<string>() };
    const before = this.#routing;
    for (const document of documents) {
      const queue = document.kind === 'queue' ? QueueId.safeParse(document.id).data : undefined;
      const was = queue && this.queue(queue);
      const wasInUse = this.configuration.has('queue', document.id);
      this.configuration.apply(document);
      if (queue) {
        const body = Queue.safeParse(document.body);
        if (!body.success) continue;
        this.#queues.set(queue, body.data);
        this.#lists = undefined;
        const isInUse = this.configuration.has('queue', queue);
        if (differ(was, body.data, PLACING)) replaced.add(queue);
        if (differ(was, body.data, LOOKING)) lookedAt.add(queue);
        if (isInUse !== wasInUse || differ(was, body.data, PASSING_ON)) passesOn.queues.add(queue);
      } else if (document.kind === 'agent') {
        const id = AgentId.safeParse(document.id);
        if (id.success) agents.add(id.data);
      } else if (document.kind === 'schedule') {
        passesOn.schedules.add(document.id);
      } else if (document.kind === 'organisation') {
        const [organisation] = this.configuration.all('organisation').values();
        this.#routing = organisation?.routing ?? CentreRouting.parse({});
      }
    }
    if (passesOn.queues.size + passesOn.schedules.size > 0) {
      for (const [id, queue] of this.#queues) {
        if (overflowsBy(queue.overflow, passesOn, this.configuration)) lookedAt.add(id);
      }
    }
    return {
      agents,
      forEverybody: !isAlike(before, this.#routing),
      replacesAll: before.ageing !== this.#routing.ageing,
      replaced,
      lookedAt,
    };
  }

  #listAll(): Map<AgentId, Set<QueueId>> {
    const lists = new Map<AgentId, Set<QueueId>>();
    for (const [queue, { serves }] of this.#queues) {
      if (serves.type !== 'listed') continue;
      for (const agent of serves.agents) {
        const known = lists.get(agent);
        if (known) known.add(queue);
        else lists.set(agent, new Set([queue]));
      }
    }
    return lists;
  }
}

const NONE: ReadonlySet<QueueId> = new Set();

const differ = (a: Queue | undefined, b: Queue, fields: readonly (keyof Queue)[]): boolean =>
  fields.some((field) => !isAlike(a?.[field], b[field]));

/** Documents are read by one schema: what is alike reads alike. */
const isAlike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
