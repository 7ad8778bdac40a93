import type { AgentId, Channel } from '#domain/ids.ts';
import {
  openChannels,
  reachableChannels,
  usesOf,
  type AgentFacts,
  type Uses,
} from './availability.ts';
import { FreeAgents, NOTHING } from './free-agents.ts';
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
    if (this.#stale.size === 0) return;
    for (const agent of this.#stale) {
      const facts = this.#factsOf(agent);
      const signature = facts && this.#signed.get(agent);
      if (!signature) {
        this.#free.delete(agent);
        this.#reachable.delete(agent);
        continue;
      }
      const uses = usesOf(facts);
      this.#free.set(agent, signature, candidatesOf(facts, uses, openChannels(facts, uses)));
      // most agents are at no switch that keeps anything from them
      if (!facts.agent.switch) this.#reachable.delete(agent);
      else {
        const channels = reachableChannels(facts, uses);
        this.#reachable.set(agent, signature, candidatesOf(facts, uses, channels));
      }
    }
    this.#stale.clear();
  }
}

function candidatesOf(
  facts: AgentFacts,
  uses: Uses,
  channels: readonly Channel[],
): ReadonlyMap<Channel, Candidate> {
  if (channels.length === 0) return NOTHING;
  return new Map(channels.map((channel) => [channel, candidateOf(facts, channel, uses)]));
}
