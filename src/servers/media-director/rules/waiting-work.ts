import {
  CHANNELS,
  type AgentId,
  type Channel,
  type QueueId,
  type WorkItemId,
} from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { Field } from './field.ts';
import { Line, newOrder, type Waiting } from './line.ts';
import { compareInLine } from './order.ts';
import { PerLine } from './per-line.ts';
import type { RequirementSignature, Signatures } from './signatures.ts';
import type { SortedSet } from './sorted-set.ts';

const NONE: readonly never[] = [];

/**
 * All queued work items, in lines by what they ask for: an index over the open items. A choice looks at
 * the heads of lines, never through all that waits.
 */
export class WaitingWork {
  readonly #signatures: Signatures;
  readonly #places = new Map<WorkItemId, Waiting>();
  /** By queue and channel: where everybody stands. */
  readonly #queues = new PerLine<SortedSet<Waiting>>();
  readonly #fields: Readonly<Record<Channel, Field>>;
  readonly #personal = new Map<AgentId, Map<string, Line>>();
  readonly #preferring = new Map<AgentId, Set<WorkItemId>>();
  readonly #hopeful = new Map<RequirementSignature, Set<Waiting>>();

  constructor(signatures: Signatures) {
    this.#signatures = signatures;
    this.#fields = Object.fromEntries(
      CHANNELS.map((channel) => [channel, new Field()]),
    ) as unknown as Record<Channel, Field>;
  }

  /** How many wait. */
  get size(): number {
    return this.#places.size;
  }

  get(item: WorkItemId): Waiting | undefined {
    return this.#places.get(item);
  }

  /** Everything that waits in a channel for whoever meets what it asks for. */
  field(channel: Channel): Field {
    return this.#fields[channel];
  }

  /** Everything that waits in a queue and is not meant for one agent alone, the next to be served first. */
  line(queue: QueueId, channel: Channel): SortedSet<Waiting> {
    return this.#queues.get(queue, channel) ?? NOBODY_WAITS;
  }

  /** What was transferred to this agent and may go to nobody else. */
  only(agent: AgentId): readonly OpenWorkItem[] {
    const lines = this.#personal.get(agent);
    if (!lines) return NONE; // nearly always
    return [...lines.values()].flatMap(({ items }) =>
      [...items].flatMap(({ item }) => (item.onlyAgent === agent ? item : [])),
    );
  }

  /** Lines of what at present nobody but this agent, or another one by name, may have. */
  personal(agent: AgentId): Iterable<Line> {
    return this.#personal.get(agent)?.values() ?? NONE;
  }

  /** What would rather go to this agent than to others. */
  preferring(agent: AgentId): Iterable<WorkItemId> {
    return this.#preferring.get(agent) ?? NONE;
  }

  /** Everything that may go on to another step when somebody begins or ceases to meet this. */
  concerning(signature: RequirementSignature): WorkItemId[] {
    const concerned = [...(this.#hopeful.get(signature) ?? [])];
    return concerned.toSorted(compareInLine).map(({ id }) => id);
  }

  add(waiting: Waiting): void {
    const { item, asks, only, prefers, hopes } = waiting;
    this.#places.set(item.id, waiting);
    if (item.onlyAgent === undefined) {
      waiting.inQueue = this.#orderOf(item);
      waiting.inQueue.add(waiting);
    }
    for (const agent of only) {
      const lines = into(this.#personal, agent, () => new Map<string, Line>());
      into(lines, keyOfPersonal(waiting), () => new Line(item)).add(waiting);
    }
    for (const agent of prefers) into(this.#preferring, agent, () => new Set()).add(item.id);
    for (const hope of hopes) {
      this.#signatures.use(hope);
      into(this.#hopeful, hope, () => new Set()).add(waiting);
    }
    if (only.length === 0 && asks) {
      this.#signatures.use(asks);
      this.#fields[item.channel].add(waiting, asks);
    }
  }

  /** Something changed of an item that does not move it. */
  update(item: OpenWorkItem): void {
    const waiting = this.#places.get(item.id);
    if (waiting) waiting.item = item;
  }

  delete(id: WorkItemId): void {
    const waiting = this.#places.get(id);
    if (!waiting) return;
    const { item, inQueue, line, asks } = waiting;
    this.#places.delete(id);
    inQueue?.delete(waiting);
    if (inQueue?.size === 0) this.#queues.delete(item.queue, item.channel);
    for (const agent of waiting.only) this.#deletePersonal(waiting, agent);
    for (const agent of waiting.prefers) {
      const preferring = this.#preferring.get(agent);
      preferring?.delete(id);
      if (preferring?.size === 0) this.#preferring.delete(agent);
    }
    for (const hope of waiting.hopes) {
      const hopeful = this.#hopeful.get(hope);
      hopeful?.delete(waiting);
      if (hopeful?.size === 0) this.#hopeful.delete(hope);
      this.#signatures.release(hope);
    }
    if (line && asks) {
      this.#fields[item.channel].delete(waiting, line, asks);
      this.#signatures.release(asks);
    }
  }

  #orderOf({ queue, channel }: OpenWorkItem): SortedSet<Waiting> {
    const known = this.#queues.get(queue, channel);
    if (known) return known;
    const order = newOrder();
    this.#queues.set(queue, channel, order);
    return order;
  }

  #deletePersonal(waiting: Waiting, agent: AgentId): void {
    const lines = this.#personal.get(agent);
    const key = keyOfPersonal(waiting);
    const line = lines?.get(key);
    if (!lines || !line) return;
    line.delete(waiting);
    if (!line.head) lines.delete(key);
    if (lines.size === 0) this.#personal.delete(agent);
  }
}

/** Whether a change of a waiting item leaves it where it is. */
export const isPlacedAlike = (a: OpenWorkItem, b: OpenWorkItem): boolean =>
  a.queue === b.queue &&
  a.channel === b.channel &&
  a.tier === b.tier &&
  a.priority === b.priority &&
  a.enteredAt === b.enteredAt &&
  a.queuedAt === b.queuedAt &&
  a.waitingSince === b.waitingSince &&
  a.onlyAgent === b.onlyAgent &&
  a.preferredAgent === b.preferredAgent &&
  a.accountOwner === b.accountOwner &&
  a.waitsForPreferredUntil === b.waitsForPreferredUntil &&
  a.requirements === b.requirements &&
  a.step === b.step &&
  a.returns === b.returns;

const NOBODY_WAITS = newOrder();

const keyOfPersonal = ({ item, objective }: Waiting): string =>
  `${item.queue} ${item.channel} ${objective}`;

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
