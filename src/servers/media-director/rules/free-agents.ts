import { CHANNELS, type AgentId, type Channel } from '#domain/ids.ts';
import type { AgentOrder } from '#domain/configuration/routing.ts';
import { BitSet } from './bit-set.ts';
import { AGENT_ORDERS, type Candidate } from './order.ts';
import type { AgentSignature } from './signatures.ts';
import { SortedSet } from './sorted-set.ts';

/** An agent with what they may be offered now: a candidate per channel. */
interface Place {
  readonly signature: AgentSignature;
  readonly candidates: ReadonlyMap<Channel, Candidate>;
}

type Standing = SortedSet<Candidate>;

/** The agents of one signature who may be offered work of one channel now, in every order that was asked for. */
class Group {
  readonly #orders = new Map<AgentOrder, Standing>();
  readonly #members = new Map<AgentId, Candidate>();

  get size(): number {
    return this.#members.size;
  }

  add(candidate: Candidate): void {
    this.#members.set(candidate.agent, candidate);
    for (const standing of this.#orders.values()) standing.add(candidate);
  }

  delete(candidate: Candidate): void {
    this.#members.delete(candidate.agent);
    for (const standing of this.#orders.values()) standing.delete(candidate);
  }

  /** The best first. An order is kept from when it was first asked for: few are. */
  in(order: AgentOrder): Standing {
    let standing = this.#orders.get(order);
    if (!standing) {
      this.#orders.set(order, (standing = new SortedSet(AGENT_ORDERS[order])));
      for (const candidate of this.#members.values()) standing.add(candidate);
    }
    return standing;
  }
}

/**
 * The agents who are logged in, by their signatures: a choice looks at the best of each signature, so
 * that it costs by the number of signatures and not by the number of agents.
 */
export class FreeAgents {
  readonly #places = new Map<AgentId, Place>();
  readonly #groups: Readonly<Record<Channel, (Group | undefined)[]>>;
  readonly #signatures: Readonly<Record<Channel, BitSet>>;

  constructor() {
    this.#groups = perChannel(() => []);
    this.#signatures = perChannel(() => new BitSet());
  }

  /** The signatures with anybody who may be offered work of `channel` now. */
  signatures(channel: Channel): BitSet {
    return this.#signatures[channel];
  }

  /** How many of a signature may be offered work of `channel` now. */
  count(signature: number, channel: Channel): number {
    return this.#groups[channel][signature]?.size ?? 0;
  }

  /** Those of a signature who may be offered work of `channel` now, the best of an order first. */
  standing(signature: number, channel: Channel, order: AgentOrder): Standing | undefined {
    return this.#groups[channel][signature]?.in(order);
  }

  /** What an agent is like; nothing where they are not logged in, or configured no more. */
  signatureOf(agent: AgentId): AgentSignature | undefined {
    return this.#places.get(agent)?.signature;
  }

  /** The channels in which an agent may be offered work now. */
  channelsOf(agent: AgentId): Iterable<Channel> {
    return this.#places.get(agent)?.candidates.keys() ?? [];
  }

  /** How the agent stands, if they may be offered work of `channel` now. */
  candidate(agent: AgentId, channel: Channel): Candidate | undefined {
    return this.#places.get(agent)?.candidates.get(channel);
  }

  /** Says what an agent is like, and what they may be offered now. */
  set(
    agent: AgentId,
    signature: AgentSignature,
    candidates: ReadonlyMap<Channel, Candidate>,
  ): void {
    const { index } = signature;
    const before = this.#places.get(agent);
    if (candidates.size === 0 && before?.candidates.size === 0 && before.signature === signature) {
      return; // nearly all changes are of agents who are busy and stay so
    }
    this.delete(agent);
    this.#places.set(agent, { signature, candidates });
    for (const [channel, candidate] of candidates) {
      (this.#groups[channel][index] ??= new Group()).add(candidate);
      this.#signatures[channel].add(index);
    }
  }

  delete(agent: AgentId): void {
    const place = this.#places.get(agent);
    if (!place) return;
    const { index } = place.signature;
    this.#places.delete(agent);
    for (const [channel, candidate] of place.candidates) {
      const group = this.#groups[channel][index];
      group?.delete(candidate);
      if (!group?.size) this.#signatures[channel].delete(index);
    }
  }
}

const perChannel = <T>(make: () => T): Record<Channel, T> =>
  Object.fromEntries(CHANNELS.map((channel) => [channel, make()])) as unknown as Record<Channel, T>;
