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
import type { RequirementSignature, Signatures } from './signatures.ts';
import { SortedSet } from './sorted-set.ts';

/** How a waiting work item is to be found. */
export interface Placing {
  readonly rank: WorkRank;
  /** What it asks for; nothing where its queue is not known. */
  readonly asks: RequirementSignature | undefined;
  /** Nobody else may have it at present; empty: whoever meets what it asks for. */
  readonly only: readonly AgentId[];
  /** Whom it may wait for, at the next change if not now. */
  readonly prefers: readonly AgentId[];
  /** What it will ask for later: at once, when nobody is there who meets what it asks for now. */
  readonly hopes: readonly RequirementSignature[];
}

/** A waiting work item in its lines. */
export interface Waiting extends WorkRank {
  item: OpenWorkItem;
  readonly placing: Placing;
}

/** Waiting work that the same agents can take and that stands in a constant order, the first to be served first. */
export interface Line {
  readonly queue: QueueId;
  readonly channel: Channel;
  readonly asks: RequirementSignature | undefined;
  readonly rank: number;
  readonly items: SortedSet<Waiting>;
}

/** Lines of one channel and one service objective in the order of their heads, which no time changes. */
export interface Band {
  readonly channel: Channel;
  readonly lines: SortedSet<Line>;
}

/** Everything of one tier and one strict class of priority. */
export interface Class {
  /** The lower, the sooner. */
  readonly rank: number;
  readonly bands: Map<string, Band>;
}

/** Tier above class of priority, in one number: all of one rank comes before all of the next. */
export const classRank = ({ tier, urgency }: WorkRank): number => tier * 10 + urgency;

const compareHeads = (a: Line, b: Line): number => {
  const [x, y] = [a.items.first, b.items.first];
  return x && y ? compareInLine(x, y) : 0;
};

const newLine = (): SortedSet<Waiting> => new SortedSet<Waiting>(compareInLine);
const NOBODY_WAITS = newLine();

/**
 * All queued work items, in lines by what they ask for: an index over the open items. A choice looks at
 * lines and their heads, never through all that waits.
 */
export class WaitingWork {
  readonly #signatures: Signatures;
  readonly #places = new Map<WorkItemId, Waiting>();
  /** By queue and channel: where everybody stands. */
  readonly #queues = new Map<string, SortedSet<Waiting>>();
  readonly #lines = new Map<string, Line>();
  /** Of those, the lines of a requirement signature and channel. */
  readonly #asking = new Map<number, Set<Line>>();
  /** The requirement signatures with lines, per channel. */
  readonly #asked: Readonly<Record<Channel, BitSet>>;
  readonly #personal = new Map<AgentId, Map<string, Line>>();
  readonly #preferring = new Map<AgentId, Set<WorkItemId>>();
  readonly #hopeful = new Map<RequirementSignature, Set<Waiting>>();
  /** In order of rank. */
  readonly classes = new SortedSet<Class>((a, b) => a.rank - b.rank);
  readonly #classes = new Map<number, Class>();

  constructor(signatures: Signatures) {
    this.#signatures = signatures;
    this.#asked = Object.fromEntries(
      CHANNELS.map((channel) => [channel, new BitSet()]),
    ) as unknown as Record<Channel, BitSet>;
  }

  /** How many wait. */
  get size(): number {
    return this.#places.size;
  }

  get(item: WorkItemId): Waiting | undefined {
    return this.#places.get(item);
  }

  /** Everything that waits in a queue and is not meant for one agent alone, the next to be served first. */
  line(queue: QueueId, channel: Channel): SortedSet<Waiting> {
    return this.#queues.get(`${queue} ${channel}`) ?? NOBODY_WAITS;
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

  /** The requirement signatures that anything waiting in `channel` asks for. */
  asked(channel: Channel): BitSet {
    return this.#asked[channel];
  }

  /** The lines of what asks for the same in one channel. */
  asking(signature: number, channel: Channel): ReadonlySet<Line> | undefined {
    return this.#asking.get(keyOfAsking(signature, channel));
  }

  /** What would rather go to this agent than to others. */
  preferring(agent: AgentId): Iterable<WorkItemId> {
    return this.#preferring.get(agent) ?? [];
  }

  /** Everything that asks for this now, or will later. */
  concerning(signature: RequirementSignature): WorkItemId[] {
    const lines = CHANNELS.flatMap((channel) => [...(this.asking(signature.index, channel) ?? [])]);
    const waiting = [...lines.flatMap(({ items }) => [...items]), ...this.#hopefulOf(signature)];
    return waiting.map(({ id }) => id);
  }

  add(item: OpenWorkItem, placing: Placing): void {
    const waiting: Waiting = { ...placing.rank, item, placing };
    const { asks, only, prefers, hopes } = placing;
    this.#places.set(item.id, waiting);
    if (item.onlyAgent === undefined) {
      into(this.#queues, `${item.queue} ${item.channel}`, newLine).add(waiting);
    }
    for (const agent of only) {
      const lines = into(this.#personal, agent, () => new Map<string, Line>());
      into(lines, keyOfLine(waiting), () => lineFor(waiting, undefined)).items.add(waiting);
    }
    for (const agent of prefers) into(this.#preferring, agent, () => new Set()).add(item.id);
    for (const hope of hopes) {
      this.#signatures.use(hope);
      into(this.#hopeful, hope, () => new Set()).add(waiting);
    }
    if (only.length === 0 && asks) {
      this.#signatures.use(asks);
      this.#addToLine(waiting, asks);
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
    const { item, placing } = waiting;
    this.#places.delete(id);
    if (item.onlyAgent === undefined) {
      const key = `${item.queue} ${item.channel}`;
      const line = this.#queues.get(key);
      line?.delete(waiting);
      if (line?.size === 0) this.#queues.delete(key);
    }
    for (const agent of placing.only) {
      const lines = this.#personal.get(agent);
      const key = keyOfLine(waiting);
      const line = lines?.get(key);
      line?.items.delete(waiting);
      if (line?.items.size === 0) lines?.delete(key);
      if (lines?.size === 0) this.#personal.delete(agent);
    }
    for (const agent of placing.prefers) {
      const preferring = this.#preferring.get(agent);
      preferring?.delete(id);
      if (preferring?.size === 0) this.#preferring.delete(agent);
    }
    for (const hope of placing.hopes) {
      const hopeful = this.#hopeful.get(hope);
      hopeful?.delete(waiting);
      if (hopeful?.size === 0) this.#hopeful.delete(hope);
      this.#signatures.release(hope);
    }
    if (placing.only.length === 0 && placing.asks) {
      this.#deleteFromLine(waiting, placing.asks);
      this.#signatures.release(placing.asks);
    }
  }

  #hopefulOf(signature: RequirementSignature): Iterable<Waiting> {
    return this.#hopeful.get(signature) ?? [];
  }

  #addToLine(waiting: Waiting, asks: RequirementSignature): void {
    const key = `${asks.index} ${keyOfLine(waiting)}`;
    let line = this.#lines.get(key);
    if (!line) {
      line = lineFor(waiting, asks);
      this.#lines.set(key, line);
      into(this.#asking, keyOfAsking(asks.index, line.channel), () => new Set()).add(line);
      this.#asked[line.channel].add(asks.index);
    }
    const { first } = line.items;
    if (first && compareInLine(first, waiting) < 0) {
      line.items.add(waiting);
      return;
    }
    const band = this.#bandOf(waiting);
    if (first) band.lines.delete(line);
    line.items.add(waiting);
    band.lines.add(line);
  }

  #deleteFromLine(waiting: Waiting, asks: RequirementSignature): void {
    const key = `${asks.index} ${keyOfLine(waiting)}`;
    const line = this.#lines.get(key);
    if (!line) return;
    if (line.items.first !== waiting) {
      line.items.delete(waiting);
      return;
    }
    const band = this.#bandOf(waiting);
    band.lines.delete(line);
    line.items.delete(waiting);
    if (line.items.size > 0) {
      band.lines.add(line);
      return;
    }
    this.#lines.delete(key);
    const asking = this.#asking.get(keyOfAsking(asks.index, line.channel));
    asking?.delete(line);
    if (asking?.size === 0) {
      this.#asking.delete(keyOfAsking(asks.index, line.channel));
      this.#asked[line.channel].delete(asks.index);
    }
    if (band.lines.size === 0) this.#dropBand(waiting);
  }

  #bandOf(waiting: Waiting): Band {
    const rank = classRank(waiting);
    let of = this.#classes.get(rank);
    if (!of) {
      of = { rank, bands: new Map() };
      this.#classes.set(rank, of);
      this.classes.add(of);
    }
    const { channel } = waiting.item;
    return into(of.bands, keyOfBand(waiting), () => ({
      channel,
      lines: new SortedSet(compareHeads),
    }));
  }

  #dropBand(waiting: Waiting): void {
    const rank = classRank(waiting);
    const of = this.#classes.get(rank);
    of?.bands.delete(keyOfBand(waiting));
    if (!of || of.bands.size > 0) return;
    this.classes.delete(of);
    this.#classes.delete(rank);
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
  'onlyAgent',
  'preferredAgent',
  'accountOwner',
  'waitsForPreferredUntil',
  'requirements',
  'step',
  'returns',
] as const satisfies readonly (keyof OpenWorkItem)[];

const keyOfAsking = (signature: number, channel: Channel): number =>
  signature * CHANNELS.length + CHANNELS.indexOf(channel);

const keyOfBand = ({ item, objective }: Waiting): string => `${item.channel} ${objective}`;

const keyOfLine = (waiting: Waiting): string =>
  `${waiting.item.queue} ${waiting.item.channel} ${classRank(waiting)} ${waiting.objective}`;

const lineFor = (waiting: Waiting, asks: RequirementSignature | undefined): Line => ({
  queue: waiting.item.queue,
  channel: waiting.item.channel,
  asks,
  rank: classRank(waiting),
  items: newLine(),
});

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
