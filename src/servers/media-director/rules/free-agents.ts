import { CHANNELS, type AgentId, type Channel, type QueueId } from '#domain/ids.ts';
import type { AgentOrder } from '#domain/configuration/routing.ts';
import { atHandOfQueue } from './at-hand.ts';
import { BitSet } from './bit-set.ts';
import { AGENT_ORDERS, type Candidate } from './order.ts';
import type { AgentSignature } from './signatures.ts';
import { SortedSet } from './sorted-set.ts';

const NOTHING: readonly Candidate[] = [];

/** Where an agent stands among those who may be offered work now. */
export class Place {
  /** What they are like; nothing where they are not logged in, or configured no more. */
  signature: AgentSignature | undefined;
  /** How they stand in each channel in which they may be offered work. */
  candidates = NOTHING;

  /** How they stand in `channel`, if they may be offered work of it. */
  candidate(channel: Channel): Candidate | undefined {
    for (const candidate of this.candidates) if (candidate.channel === channel) return candidate;
    return undefined;
  }
}

/** Up to so many are looked through: keeping them in order costs more. */
const FEW = 8;

/** The agents of one signature who may be offered work of one channel now. */
export class Group {
  /** The only one, where there is one: most who know much are alike to nobody. */
  #sole: Candidate | undefined;
  /** All, as soon as there was a second. */
  #members: Map<AgentId, Candidate> | undefined;
  /** Of many, every order that was asked for. */
  #orders: Map<AgentOrder, SortedSet<Candidate>> | undefined;
  /** Of each queue that was asked for, how many have so many of its contacts: nobody has to be asked who is full. */
  #having: Map<QueueId, number[]> | undefined;

  get size(): number {
    return this.#members?.size ?? (this.#sole ? 1 : 0);
  }

  add(candidate: Candidate): void {
    const sole = this.#sole;
    this.#sole = this.size === 0 ? candidate : undefined;
    if (sole) this.#members ??= new Map([[sole.agent, sole]]);
    this.#members?.set(candidate.agent, candidate);
    for (const sorted of this.#orders?.values() ?? NONE) sorted.add(candidate);
    this.#note(candidate, 1);
  }

  delete(candidate: Candidate): void {
    this.#members?.delete(candidate.agent);
    this.#sole = undefined;
    if (this.#members?.size === 1) for (const left of this.#members.values()) this.#sole = left;
    for (const sorted of this.#orders?.values() ?? NONE) sorted.delete(candidate);
    this.#note(candidate, -1);
    if (this.size > 0) return;
    this.#members = undefined;
    this.#orders = undefined;
    this.#having = undefined;
  }

  has(agent: AgentId): boolean {
    return this.#members?.has(agent) ?? this.#sole?.agent === agent;
  }

  /** How many have fewer contacts of a queue than `most`. */
  sizeBelow(queue: QueueId, most: number): number {
    if (most === 0) return 0;
    if (most === Infinity) return this.size;
    const full = this.#havingOf(queue).slice(most);
    return full.reduce((left, count) => left - count, this.size);
  }

  /** The best in an order. */
  first(order: AgentOrder): Candidate | undefined {
    if (this.#sole) return this.#sole;
    return this.size > FEW ? this.#in(order).first : this.find(order, () => true);
  }

  /** The best in an order of those who pass a test. */
  find(order: AgentOrder, test: (candidate: Candidate) => boolean): Candidate | undefined {
    if (this.#sole) return test(this.#sole) ? this.#sole : undefined;
    if (this.size > FEW) return this.#in(order).find(test);
    let best: Candidate | undefined;
    for (const one of this.#each()) {
      if (test(one) && (!best || AGENT_ORDERS[order](one, best) < 0)) best = one;
    }
    return best;
  }

  /** How many pass a test. */
  count(test: (candidate: Candidate) => boolean): number {
    let count = 0;
    for (const one of this.#each()) if (test(one)) count++;
    return count;
  }

  #each(): Iterable<Candidate> {
    return this.#members?.values() ?? (this.#sole ? [this.#sole] : NOTHING);
  }

  #note({ facts }: Candidate, by: 1 | -1): void {
    for (const [queue, having] of this.#having ?? NONE) {
      const has = atHandOfQueue(queue, facts);
      while (having.length <= has) having.push(0);
      having[has] = (having[has] ?? 0) + by;
    }
  }

  #havingOf(queue: QueueId): readonly number[] {
    this.#having ??= new Map();
    let having = this.#having.get(queue);
    if (!having) {
      this.#having.set(queue, (having = []));
      for (const { facts } of this.#each()) {
        const has = atHandOfQueue(queue, facts);
        while (having.length <= has) having.push(0);
        having[has] = (having[has] ?? 0) + 1;
      }
    }
    return having;
  }

  #in(order: AgentOrder): SortedSet<Candidate> {
    this.#orders ??= new Map();
    let sorted = this.#orders.get(order);
    if (!sorted) {
      this.#orders.set(order, (sorted = new SortedSet(AGENT_ORDERS[order])));
      for (const candidate of this.#each()) sorted.add(candidate);
    }
    return sorted;
  }
}

const NONE: readonly never[] = [];

/**
 * The agents who are logged in, by their signatures: a choice looks at the best of each signature, so
 * that it costs by the number of signatures and not by the number of agents.
 */
export class FreeAgents {
  readonly #placeOf: (agent: AgentId) => Place | undefined;
  readonly #groups: Readonly<Record<Channel, (Group | undefined)[]>>;
  readonly #signatures: Readonly<Record<Channel, BitSet>>;

  /** @param placeOf Where an agent stands; nothing of who is not known. */
  constructor(placeOf: (agent: AgentId) => Place | undefined) {
    this.#placeOf = placeOf;
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

  /** Where an agent stands; nothing of who is not known. */
  place(agent: AgentId): Place | undefined {
    return this.#placeOf(agent);
  }

  /** How the agent stands, if they may be offered work of `channel` now. */
  candidate(agent: AgentId, channel: Channel): Candidate | undefined {
    return this.#placeOf(agent)?.candidate(channel);
  }

  /** Puts an agent where they stand now, by what they are like and what they may be offered. */
  put(place: Place, signature: AgentSignature | undefined, candidates: readonly Candidate[]): void {
    const before = place.signature?.index;
    for (const candidate of place.candidates) {
      if (before !== undefined) this.#leave(before, candidate);
    }
    place.signature = signature;
    place.candidates = candidates;
    for (const candidate of candidates) {
      if (signature) this.#enter(signature.index, candidate);
    }
  }

  #enter(signature: number, candidate: Candidate): void {
    const groups = this.#groups[candidate.channel];
    (groups[signature] ??= new Group()).add(candidate);
    this.#signatures[candidate.channel].add(signature);
  }

  #leave(signature: number, candidate: Candidate): void {
    const group = this.#groups[candidate.channel][signature];
    group?.delete(candidate);
    if (!group?.size) this.#signatures[candidate.channel].delete(signature);
  }
}

const perChannel = <T>(make: () => T): Record<Channel, T> =>
  Object.fromEntries(CHANNELS.map((channel) => [channel, make()])) as unknown as Record<Channel, T>;
