import type { AgentId, Channel } from '#domain/ids.ts';
import { openChannels, reachableChannels, type AgentFacts } from './availability.ts';
import { FreeAgents } from './free-agents.ts';
import { candidateOf, type Candidate } from './order.ts';
import type { Profile } from './signature-maps.ts';
import type { AgentSignature, Signatures } from './signatures.ts';

/** Finds out about an agent; nothing of who is not logged in, or configured no more. */
type FactsOf = (agent: AgentId) => AgentFacts | undefined;

/**
 * Everybody who is logged in, by what they are like, and what they may be offered now: that is found out
 * when somebody asks, once for all that happened to an agent meanwhile.
 */
export class Roster {
  readonly #signatures: Signatures;
  readonly #factsOf: FactsOf;
  readonly #signed = new Map<AgentId, AgentSignature>();
  readonly #stale = new Set<AgentId>();
  readonly #free = new FreeAgents();
  readonly #reachable = new FreeAgents();

  constructor(signatures: Signatures, factsOf: FactsOf) {
    this.#signatures = signatures;
    this.#factsOf = factsOf;
  }

  /** Who may be offered what now. */
  get free(): FreeAgents {
    this.#refresh();
    return this.#free;
  }

  /** Who may be offered what once their switch has let go of them, or by their switch alone. */
  get reachable(): FreeAgents {
    this.#refresh();
    return this.#reachable;
  }

  has(agent: AgentId): boolean {
    return this.#signed.has(agent);
  }

  /** Something happened to an agent. */
  touch(agent: AgentId): void {
    this.#stale.add(agent);
  }

  /**
   * Says what an agent is like; nothing of one who left.
   *
   * @returns Whether that is news.
   */
  sign(agent: AgentId, profile: Profile | undefined): boolean {
    const before = this.#signed.get(agent);
    const after = profile && this.#signatures.enter(profile);
    if (after) this.#signed.set(agent, after);
    else this.#signed.delete(agent);
    if (before) this.#signatures.leave(before);
    if (before === after) return false;
    this.#stale.add(agent);
    return true;
  }

  #refresh(): void {
    for (const agent of this.#stale) {
      const facts = this.#factsOf(agent);
      this.#set(this.#free, agent, facts, openChannels);
      // most agents are at no switch that keeps anything from them
      if (facts?.agent.switch) this.#set(this.#reachable, agent, facts, reachableChannels);
      else this.#reachable.delete(agent);
    }
    this.#stale.clear();
  }

  #set(
    agents: FreeAgents,
    agent: AgentId,
    facts: AgentFacts | undefined,
    channelsOf: (facts: AgentFacts) => Channel[],
  ): void {
    const signature = this.#signed.get(agent);
    if (!signature || !facts) return agents.delete(agent);
    const candidates = new Map<Channel, Candidate>();
    for (const channel of channelsOf(facts)) candidates.set(channel, candidateOf(facts, channel));
    agents.set(agent, signature, candidates);
  }
}
