import { CHANNELS, type AgentId, type Channel, type QueueId } from '#domain/ids.ts';
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

/** Of an agent who may be offered nothing now. */
export const NOTHING: ReadonlyMap<Channel, Candidate> = new Map();

/** Up to so many are looked through: keeping them in order costs more. */
const FEW = 8;

/** The agents of one signature who may be offered work of one channel now. */
export class Group {
  readonly #members = new Map<AgentId, Candidate>();
  /** The only one, where there is one: most who know much are alike to nobody. */
  #sole: Candidate | undefined;
  /** Of many, every order that was asked for. */
  readonly #orders = new Map<AgentOrder, SortedSet<Candidate>>();
  /** Of each queue, how many have so many of its contacts: nobody has to be asked who is full. */
  readonly #having = new Map<QueueId, number[]>();

  get size(): number {
    return this.#members.size;
  }

  add(candidate: Candidate): void {
    this.#members.set(candidate.agent, candidate);
    this.#sole = this.size === 1 ? candidate : undefined;
    for (const sorted of this.#orders.values()) sorted.add(candidate);
    this.#note(candidate, 1);
  }

  delete(candidate: Candidate): void {
    this.#members.delete(candidate.agent);
    this.#sole = undefined;
    if (this.size === 1) for (const left of this.#members.values()) this.#sole = left;
    for (const sorted of this.#orders.values()) sorted.delete(candidate);
    this.#note(candidate, -1);
    if (this.size > 0) return;
    this.#orders.clear();
    this.#having.clear();
  }

  has(agent: AgentId): boolean {
    return this.#members.has(agent);
  }

  /** How many have fewer contacts of a queue than `most`. */
  sizeBelow(queue: QueueId, most: number): number {
    if (most === 0) return 0;
    const full = this.#having.get(queue)?.slice(most) ?? [];
    return full.reduce((left, count) => left - count, this.size);
  }

  /** The best in an order. */
  first(order: AgentOrder): Candidate | undefined {
    if (this.#sole) return this.#sole;
    return this.size > FEW ? this.#in(order).first : this.find(order, () => true);
  }

  /** The best in an order of those who pass a test. */
  find(order: AgentOrder, test: (candidate: Candidate) => boolean): Candidate | undefined {
    if (this.size > FEW) return this.#in(order).find(test);
    let best: Candidate | undefined;
    for (const one of this.#members.values()) {
      if (test(one) && (!best || AGENT_ORDERS[order](one, best) < 0)) best = one;
    }
    return best;
  }

  /** How many pass a test. */
  count(test: (candidate: Candidate) => boolean): number {
    let count = 0;
    for (const one of this.#members.values()) if (test(one)) count++;
    return count;
  }

  #note({ from }: Candidate, by: 1 | -1): void {
    for (const [queue, has] of from) {
      const having = this.#having.get(queue) ?? [0];
      while (having.length <= has) having.push(0);
      having[has] = (having[has] ?? 0) + by;
      this.#having.set(queue, having);
    }
  }

  #in(order: AgentOrder): SortedSet<Candidate> {
    let sorted = this.#orders.get(order);
    if (!sorted) {
      this.#orders.set(order, (sorted = new SortedSet(AGENT_ORDERS[order])));
      for (const candidate of this.#members.values()) sorted.add(candidate);
    }
    return sorted;
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

  /** Those of a signature who may be offered work of `channel` now. */
  group(signature: number, channel: Channel): Group | undefined {
    return this.#groups[channel][signature];
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
    if (before) this.#leave(before);
    this.#places.set(agent, { signature, candidates });
    for (const [channel, candidate] of candidates) {
      (this.#groups[channel][index] ??= new Group()).add(candidate);
      this.#signatures[channel].add(index);
    }
  }

  delete(agent: AgentId): void {
    const place = this.#places.get(agent);
    if (!place) return;
    this.#places.delete(agent);
    this.#leave(place);
  }

  #leave({ signature: { index }, candidates }: Place): void {
    for (const [channel, candidate] of candidates) {
      const group = this.#groups[channel][index];
      group?.delete(candidate);
      if (!group?.size) this.#signatures[channel].delete(index);
    }
  }
}

const perChannel = <T>(make: () => T): Record<Channel, T> =>
  Object.fromEntries(CHANNELS.map((channel) => [channel, make()])) as unknown as Record<Channel, T>;
