import type { Agent } from '#domain/configuration/documents.ts';
import type { CentreRouting } from '#domain/configuration/routing.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { AgentId, Channel, QueueId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { participantOf } from '#domain/work-item/participants.ts';
import { AgentRecord } from './agent-record.ts';
import { atHandOf, type AtHand } from './at-hand.ts';
import type { AgentFacts, Part } from './agent-facts.ts';
import { openChannels, reachableChannels } from './availability.ts';
import { FreeAgents } from './free-agents.ts';
import { candidateOf, type Candidate } from './order.ts';
import type { Signatures } from './signatures.ts';

/** What is known of the centre. */
interface Known {
  readonly centre: { readonly items: ReadonlyMap<WorkItemId, OpenWorkItem> };
  readonly routing: CentreRouting;
}

const NO_WORK: readonly OpenWorkItem[] = [];
const NO_PARTS: readonly Part[] = [];
const NO_CANDIDATES: readonly Candidate[] = [];

/**
 * Everybody who is logged in or has work: what they have, what they are like, and what they may be offered
 * now. That is found out when somebody asks, once for all that happened to an agent meanwhile.
 */
export class Roster {
  readonly #known: Known;
  readonly #signatures: Signatures;
  readonly #records = new Map<AgentId, AgentRecord>();
  #stale: AgentRecord[] = [];
  readonly #free = new FreeAgents((agent) => this.#records.get(agent)?.free);
  readonly #reachable = new FreeAgents((agent) => this.#records.get(agent)?.reachable);

  constructor(known: Known, signatures: Signatures) {
    this.#known = known;
    this.#signatures = signatures;
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

  /** An agent who is logged in and configured. */
  facts(id: AgentId): AgentFacts | undefined {
    const record = this.#records.get(id);
    return record && this.#factsOf(record);
  }

  /** The offers and contacts of an agent. */
  work(id: AgentId): readonly OpenWorkItem[] {
    return this.#records.get(id)?.work ?? NO_WORK;
  }

  /** What an agent takes part in without owning it, or is asked to. */
  parts(id: AgentId): readonly Part[] {
    const record = this.#records.get(id);
    return record ? this.#partsOf(record) : NO_PARTS;
  }

  /**
   * Something happened to an agent. @param status How they are now; nothing where they are not logged in.
   *
   * @returns Whether it was said what they are like.
   */
  touch(id: AgentId, status: AgentStatus | undefined): boolean {
    const record = this.#recordOf(id);
    record.status = status;
    this.#touch(record);
    return record.signature !== undefined;
  }

  /** Something changed that concerns everybody. */
  touchAll(): void {
    for (const record of this.#records.values()) record.facts = undefined;
  }

  /** An item changed: `before` or `after` is missing where it came or went. */
  replace(before: OpenWorkItem | undefined, after: OpenWorkItem | undefined): void {
    const from = ownerOf(before);
    const to = ownerOf(after);
    if (from !== undefined && from === to) {
      this.#recordOf(from).own(before, after);
    } else {
      if (from !== undefined) this.#recordOf(from).own(before, undefined);
      if (to !== undefined) this.#recordOf(to).own(undefined, after);
    }
    if (before?.participants === after?.participants) return; // nearly always
    for (const { agent } of before?.participants ?? []) {
      if (before) this.#recordOf(agent).leavePart(before.id);
    }
    for (const { agent } of after?.participants ?? []) {
      if (after) this.#recordOf(agent).takePart(after.id);
    }
  }

  /**
   * Says what an agent is like; nothing of one who left, or is configured no more.
   *
   * @returns Whether that is news.
   */
  sign(id: AgentId, agent: Agent | undefined, lists: ReadonlySet<QueueId>): boolean {
    const record = this.#recordOf(id);
    const before = record.signature;
    const after = agent && this.#signatures.enter({ agent, lists });
    record.sign(agent, after);
    if (before) this.#signatures.leave(before);
    this.#touch(record);
    return before !== after;
  }

  #recordOf(id: AgentId): AgentRecord {
    let record = this.#records.get(id);
    if (!record) this.#records.set(id, (record = new AgentRecord(id)));
    return record;
  }

  #touch(record: AgentRecord): void {
    record.facts = undefined;
    if (record.isStale) return;
    record.isStale = true;
    this.#stale.push(record);
  }

  #factsOf(record: AgentRecord): AgentFacts | undefined {
    if (record.facts) return record.facts;
    const { agent, status, work } = record;
    if (!agent || !status) return undefined;
    const { routing } = this.#known;
    return (record.facts = { status, agent, work, parts: this.#partsOf(record), routing });
  }

  #partsOf({ id, shared }: AgentRecord): readonly Part[] {
    if (shared.size === 0) return NO_PARTS;
    const parts: Part[] = [];
    for (const other of shared) {
      const item = this.#known.centre.items.get(other);
      const participant = item && participantOf(item, id);
      if (participant) parts.push({ item, participant });
    }
    return parts;
  }

  #refresh(): void {
    if (this.#stale.length === 0) return;
    for (const record of this.#stale) {
      record.isStale = false;
      this.#place(record);
      if (record.isEmpty) this.#records.delete(record.id);
    }
    this.#stale = [];
  }

  #place(record: AgentRecord): void {
    const { signature, free, reachable, channels } = record;
    const facts = this.#factsOf(record);
    if (!facts || !signature) {
      this.#free.put(free, undefined, NO_CANDIDATES);
      this.#reachable.put(reachable, undefined, NO_CANDIDATES);
      return;
    }
    const atHand = atHandOf(facts, record.owned);
    const open = openChannels(facts, atHand, channels);
    this.#free.put(free, signature, candidatesOf(facts, atHand, open));
    // most agents are at no switch that keeps anything from them
    const [placed, through] = facts.agent.switch
      ? [signature, reachableChannels(facts, atHand)]
      : [undefined, []];
    this.#reachable.put(reachable, placed, candidatesOf(facts, atHand, through));
  }
}

/** Whom it keeps busy; parked work is nobody's. */
const ownerOf = (item: OpenWorkItem | undefined): AgentId | undefined =>
  item?.state === 'parked' ? undefined : item?.agent;

const candidatesOf = (
  facts: AgentFacts,
  atHand: AtHand,
  channels: readonly Channel[],
): readonly Candidate[] =>
  channels.length === 0
    ? NO_CANDIDATES
    : channels.map((channel) => candidateOf(facts, channel, atHand));
