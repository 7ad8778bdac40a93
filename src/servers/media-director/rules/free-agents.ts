import type { AgentId, Channel, QueueId } from '#domain/ids.ts';
import { compareAgents, type Candidate } from './order.ts';
import { SortedSet } from './sorted-set.ts';

/** Agents who serve exactly the same queues. */
export interface Pool {
  readonly key: string;
  readonly queues: ReadonlySet<QueueId>;
  /** Who may be offered work now, the best first. */
  readonly free: Map<Channel, SortedSet<Candidate>>;
  members: number;
}

interface Place {
  pool: Pool;
  channels: readonly Channel[];
  candidate: Candidate;
}

/**
 * The agents who are logged in, pooled by the queues they serve: a choice looks at the best of each
 * pool, so that it costs by the number of different pools and not by the number of agents.
 */
export class FreeAgents {
  readonly #pools = new Map<string, Pool>();
  readonly #poolsOf = new Map<QueueId, Set<Pool>>();
  readonly #places = new Map<AgentId, Place>();

  /** The pools of a queue. */
  pools(queue: QueueId): Iterable<Pool> {
    return this.#poolsOf.get(queue) ?? [];
  }

  /** The queues an agent serves; nothing where they are not logged in. */
  queuesOf(agent: AgentId): ReadonlySet<QueueId> | undefined {
    return this.#places.get(agent)?.pool.queues;
  }

  /** The channels in which an agent may be offered work now. */
  channelsOf(agent: AgentId): readonly Channel[] {
    return this.#places.get(agent)?.channels ?? [];
  }

  /** How the agent stands in the order, if they may be offered work of `channel` now. */
  candidate(agent: AgentId, channel: Channel): Candidate | undefined {
    const place = this.#places.get(agent);
    return place?.channels.includes(channel) ? place.candidate : undefined;
  }

  /** Puts an agent among those who serve exactly `queues`. */
  serve(agent: AgentId, queues: Iterable<QueueId>): void {
    const pool = this.#poolFor(queues);
    const place = this.#places.get(agent);
    if (place?.pool === pool) return;
    if (place) this.leave(agent);
    const candidate = place?.candidate ?? { agent, load: 0, idleSince: 0 };
    this.#places.set(agent, { pool, channels: [], candidate });
    pool.members++;
    for (const queue of pool.queues) {
      let pools = this.#poolsOf.get(queue);
      if (!pools) this.#poolsOf.set(queue, (pools = new Set()));
      pools.add(pool);
    }
    if (place) this.update(place.candidate, place.channels);
  }

  /** Says what an agent may be offered now, and how they stand in the order. */
  update(candidate: Candidate, channels: readonly Channel[]): void {
    const place = this.#places.get(candidate.agent);
    if (!place) return;
    this.#withdraw(place);
    place.candidate = candidate;
    place.channels = channels;
    for (const channel of channels) {
      let free = place.pool.free.get(channel);
      if (!free) place.pool.free.set(channel, (free = new SortedSet(compareAgents)));
      free.add(candidate);
    }
  }

  leave(agent: AgentId): void {
    const place = this.#places.get(agent);
    if (!place) return;
    this.#withdraw(place);
    this.#places.delete(agent);
    const { pool } = place;
    pool.members--;
    if (pool.members > 0) return;
    this.#pools.delete(pool.key);
    for (const queue of pool.queues) this.#poolsOf.get(queue)?.delete(pool);
  }

  #withdraw({ pool, channels, candidate }: Place): void {
    for (const channel of channels) pool.free.get(channel)?.delete(candidate);
  }

  #poolFor(queues: Iterable<QueueId>): Pool {
    const sorted = [...queues].toSorted();
    const key = sorted.join(' ');
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = { key, queues: new Set(sorted), free: new Map(), members: 0 };
      this.#pools.set(key, pool);
    }
    return pool;
  }
}
