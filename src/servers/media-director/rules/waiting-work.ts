import type { Milliseconds } from '#base/time.ts';
import {
  CHANNELS,
  type AgentId,
  type Channel,
  type QueueId,
  type WorkItemId,
} from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { BitSet } from './bit-set.ts';
import { compareInLine, type WorkRank } from './order.ts';
import { PerLine } from './per-line.ts';
import type { RequirementSignature, Signatures } from './signatures.ts';
import { SortedSet } from './sorted-set.ts';

/** How a waiting work item is to be found. */
export interface Placing extends WorkRank {
  /** What it asks for; nothing where its queue is not known. */
  readonly asks: RequirementSignature | undefined;
  /** Nobody else may have it at present; empty: whoever meets what it asks for. */
  readonly only: readonly AgentId[];
  /** Whom it may wait for, at the next change if not now. */
  readonly prefers: readonly AgentId[];
  /**
   * It is told when anybody begins or ceases to meet these: what it asks for now, where it will ask for
   * less, and while nobody is there for that, what it will ask for.
   */
  readonly hopes: readonly RequirementSignature[];
}

/** A waiting work item in its lines. */
export interface Waiting extends Placing {
  item: OpenWorkItem;
  /** Where it stands among those who wait in its queue. */
  readonly inQueue: SortedSet<Waiting> | undefined;
  /** The line where everybody who may have it finds it. */
  line: Line | undefined;
}

/** Waiting work of one queue, channel, tier and class of priority that the same agents can take, in order. */
export interface Line {
  readonly queue: QueueId;
  readonly channel: Channel;
  readonly asks: RequirementSignature | undefined;
  readonly items: SortedSet<Waiting>;
  /** The first of them. */
  head: Waiting | undefined;
}

/** What asks for the same in one channel, as lines in the order of their heads. */
interface Asking {
  readonly lines: SortedSet<Line>;
  /** By queue, then by class. */
  readonly known: Map<QueueId, Map<number, Line>>;
}

/** Everything that waits in one channel, by the requirement signature that it asks for. */
export class Field {
  /** The signatures that anything asks for. */
  readonly asked = new BitSet();
  readonly #asking: (Asking | undefined)[] = [];
  /** Of each signature the order of what comes first: one row of numbers, to be looked through quickly. */
  #orders = new Float64Array(64);
  #objectives = new Float64Array(64);

  /** Where the first stands that asks for this signature; what comes before has the lower number. */
  orderOf(signature: number): number {
    return this.#orders[signature] ?? Infinity;
  }

  /** Within which time what asks for this signature is to be served. */
  objectiveOf(signature: number): Milliseconds {
    return this.#objectives[signature] ?? Infinity;
  }

  /** What asks for this signature, in the order of the heads. */
  lines(signature: number): SortedSet<Line> | undefined {
    return this.#asking[signature]?.lines;
  }

  add(waiting: Waiting, asks: RequirementSignature): void {
    const { index } = asks;
    const { queue } = waiting.item;
    const asking = (this.#asking[index] ??= newAsking());
    const ofQueue = into(asking.known, queue, () => new Map<number, Line>());
    const line = into(ofQueue, waiting.class, () => newLine(waiting, asks));
    waiting.line = line;
    const { head } = line;
    if (head && compareInLine(head, waiting) < 0) {
      line.items.add(waiting);
      return;
    }
    if (head) asking.lines.delete(line);
    line.items.add(waiting);
    line.head = waiting;
    asking.lines.add(line);
    this.#note(index, asking);
  }

  delete(waiting: Waiting, line: Line): void {
    const { items, asks } = line;
    const asking = asks && this.#asking[asks.index];
    if (line.head !== waiting || !asking) {
      items.delete(waiting);
      return;
    }
    asking.lines.delete(line);
    items.delete(waiting);
    line.head = items.first;
    if (line.head) {
      asking.lines.add(line);
    } else {
      const ofQueue = asking.known.get(line.queue);
      ofQueue?.delete(waiting.class);
      if (ofQueue?.size === 0) asking.known.delete(line.queue);
    }
    this.#note(asks.index, asking);
  }

  #note(signature: number, { lines }: Asking): void {
    const first = lines.first?.head;
    if (!first) {
      this.#asking[signature] = undefined;
      this.asked.delete(signature);
      return;
    }
    if (signature >= this.#orders.length) {
      this.#orders = grown(this.#orders, signature + 1);
      this.#objectives = grown(this.#objectives, signature + 1);
    }
    this.#orders[signature] = first.order;
    this.#objectives[signature] = first.objective;
    this.asked.add(signature);
  }
}

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
  only(agent: AgentId): OpenWorkItem[] {
    return [...this.personal(agent)].flatMap(({ items }) =>
      [...items].flatMap(({ item }) => (item.onlyAgent === agent ? item : [])),
    );
  }

  /** Lines of what at present nobody but this agent, or another one by name, may have. */
  personal(agent: AgentId): Iterable<Line> {
    return this.#personal.get(agent)?.values() ?? [];
  }

  /** What would rather go to this agent than to others. */
  preferring(agent: AgentId): Iterable<WorkItemId> {
    return this.#preferring.get(agent) ?? [];
  }

  /** Everything that may go on to another step when somebody begins or ceases to meet this. */
  concerning(signature: RequirementSignature): WorkItemId[] {
    const concerned = [...(this.#hopeful.get(signature) ?? [])];
    return concerned.toSorted(compareInLine).map(({ id }) => id);
  }

  add(item: OpenWorkItem, placing: Placing): void {
    const { asks, only, prefers, hopes } = placing;
    const inQueue = item.onlyAgent === undefined ? this.#lineFor(item) : undefined;
    const waiting: Waiting = { ...placing, item, inQueue, line: undefined };
    this.#places.set(item.id, waiting);
    inQueue?.add(waiting);
    for (const agent of only) {
      const lines = into(this.#personal, agent, () => new Map<string, Line>());
      const line = into(lines, keyOfPersonal(waiting), () => newLine(waiting));
      line.items.add(waiting);
      line.head = line.items.first;
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

  #lineFor({ queue, channel }: OpenWorkItem): SortedSet<Waiting> {
    const known = this.#queues.get(queue, channel);
    if (known) return known;
    const line = newSet();
    this.#queues.set(queue, channel, line);
    return line;
  }

  /** Something changed of an item that does not move it. */
  update(item: OpenWorkItem): void {
    const waiting = this.#places.get(item.id);
    if (waiting) waiting.item = item;
  }

  delete(id: WorkItemId): void {
    const waiting = this.#places.get(id);
    if (!waiting) return;
    const { item, inQueue, line } = waiting;
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
    if (line?.asks) {
      this.#fields[item.channel].delete(waiting, line);
      this.#signatures.release(line.asks);
    }
  }

  #deletePersonal(waiting: Waiting, agent: AgentId): void {
    const lines = this.#personal.get(agent);
    const key = keyOfPersonal(waiting);
    const line = lines?.get(key);
    if (!lines || !line) return;
    line.items.delete(waiting);
    line.head = line.items.first;
    if (line.items.size === 0) lines.delete(key);
    if (lines.size === 0) this.#personal.delete(agent);
  }
}

/** Whether a change of a waiting item leaves it where it is. */
export const isPlacedAlike = (a: OpenWorkItem, b: OpenWorkItem): boolean =>
  PLACING_FIELDS.every((field) => a[field] === b[field]);

const PLACING_FIELDS = [
  'queue',
  'channel',
  'tier',
  'priority',
  'enteredAt',
  'queuedAt',
  'waitingSince',
  'onlyAgent',
  'preferredAgent',
  'accountOwner',
  'waitsForPreferredUntil',
  'requirements',
  'step',
  'returns',
] as const satisfies readonly (keyof OpenWorkItem)[];

function grown(row: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(least, row.length * 2));
  longer.set(row);
  return longer;
}

const orderOf = ({ order }: WorkRank): number => order;
const newSet = (): SortedSet<Waiting> => new SortedSet<Waiting>(compareInLine, orderOf);
const NOBODY_WAITS = newSet();

const newLine = (waiting: Waiting, asks?: RequirementSignature): Line => ({
  queue: waiting.item.queue,
  channel: waiting.item.channel,
  asks,
  items: newSet(),
  head: undefined,
});

const compareHeads = (a: Line, b: Line): number =>
  a.head && b.head ? compareInLine(a.head, b.head) : 0;

const newAsking = (): Asking => ({
  lines: new SortedSet(compareHeads, ({ head }) => head?.order ?? Infinity),
  known: new Map(),
});

const keyOfPersonal = (waiting: Waiting): string =>
  `${waiting.item.queue} ${waiting.item.channel} ${waiting.class} ${waiting.objective}`;

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
