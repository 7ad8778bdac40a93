import type { Agent } from '#domain/configuration/documents.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import { CHANNELS, type AgentId, type Channel, type WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { AtHand } from './at-hand.ts';
import type { AgentFacts } from './agent-facts.ts';
import { Place } from './free-agents.ts';
import type { AgentSignature } from './signatures.ts';

const NOTHING: readonly OpenWorkItem[] = [];
const NONE: ReadonlySet<WorkItemId> = new Set();
const NO_CHANNELS: readonly Channel[] = [];

/**
 * One agent who is logged in or has work, with all that choices go by: found once, and changed in place.
 * What it hands out of the centre is replaced and never altered: whoever was given it may keep it.
 */
export class AgentRecord {
  readonly id: AgentId;
  /** Offers and contacts that they own; parked work is nobody's. */
  work = NOTHING;
  /** These, counted. */
  readonly owned = new AtHand();
  /** Nothing while they are not logged in. */
  status: AgentStatus | undefined;
  /** Nothing of who is not logged in, or configured no more. */
  agent: Agent | undefined;
  signature: AgentSignature | undefined;
  /** The channels that they may have at all. */
  channels = NO_CHANNELS;
  /** What was found out since anything changed of them. */
  facts: AgentFacts | undefined;
  /** Whether anything changed since it was found out what they may be offered. */
  isStale = false;
  /** What they may be offered now. */
  readonly free = new Place();
  /** And once their switch has let go of them, or by their switch alone. */
  readonly reachable = new Place();
  #shared: Set<WorkItemId> | undefined;

  constructor(id: AgentId) {
    this.id = id;
  }

  /** Work of others in which they take part, or are asked to. */
  get shared(): ReadonlySet<WorkItemId> {
    return this.#shared ?? NONE;
  }

  /** Whether nothing is known of them any more. */
  get isEmpty(): boolean {
    return this.signature === undefined && this.work.length === 0 && !this.#shared?.size;
  }

  /** An item of theirs is from now on another: `before` or `after` is missing where it came or went. */
  own(before: OpenWorkItem | undefined, after: OpenWorkItem | undefined): void {
    if (before) this.owned.own(before, -1);
    if (after) this.owned.own(after, 1);
    // by identity: what they have beside it need not be looked at
    const at = before ? this.work.indexOf(before) : -1;
    if (at < 0) this.work = after ? [...this.work, after] : this.work;
    else this.work = after ? this.work.with(at, after) : this.work.toSpliced(at, 1);
  }

  takePart(item: WorkItemId): void {
    (this.#shared ??= new Set()).add(item);
  }

  leavePart(item: WorkItemId): void {
    this.#shared?.delete(item);
  }

  /** What they are like, by their document; nothing of who left. */
  sign(agent: Agent | undefined, signature: AgentSignature | undefined): void {
    this.agent = agent;
    this.signature = signature;
    this.channels = agent
      ? CHANNELS.filter((channel) => (agent.capacity[channel] ?? 0) > 0)
      : NO_CHANNELS;
  }
}
