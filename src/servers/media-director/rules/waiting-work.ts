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
  /** What it will ask for later: at once, when nobody is there who meets what it asks for now. That too, while only some may have it. */
  readonly hopes: readonly RequirementSignature[];
}

/** A waiting work item in its lines. */
export interface Waiting extends WorkRank {
  item: OpenWorkItem;
  readonly placing: Placing;
  /** Where it stands among those who wait in its queue. */
  readonly inQueue: SortedSet<Waiting> | undefined;
  /** The line where everybody who may have it finds it. */
  line: Line | undefined;
}

/** Waiting work that the same agents can take and that stands in a constant order, the first to be served first. */
export interface Line {
  readonly queue: QueueId;
  readonly channel: Channel;
  readonly asks: RequirementSignature | undefined;
  readonly rank: number;
  readonly objective: Milliseconds;
  readonly items: SortedSet<Waiting>;
  /** The first of them. */
  head: Waiting | undefined;
  /** Where it stands among others; nothing of a line for somebody in particular. */
  band: Band | undefined;
}

/** Lines of one channel and one service objective in the order of their heads, which no time changes. */
export interface Band {
  readonly channel: Channel;
  readonly objective: Milliseconds;
  readonly lines: SortedSet<Line>;
}

/** Everything of one tier and one strict class of priority. */
export interface Class {
  /** The lower, the sooner. */
  readonly rank: number;
  readonly bands: Band[];
}

/** Tier above class of priority, in one number: all of one rank comes before all of the next. */
export const classRank = ({ tier, urgency }: WorkRank): number => tier * 10 + urgency;

const compareHeads = (a: Line, b: Line): number =>
  a.head && b.head ? compareInLine(a.head, b.head) : 0;

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
  /** The lines of a requirement signature and channel. */
  readonly #asking = new Map<number, SortedSet<Line>>();
  /** The requirement signatures with lines, per channel. */
  readonly #asked: Readonly<Record<Channel, BitSet>>;
  readonly #personal = new Map<AgentId, SortedSet<Line>>();
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
    return this.#personal.get(agent) ?? [];
  }

  /** The requirement signatures that anything waiting in `channel` asks for. */
  asked(channel: Channel): BitSet {
    return this.#asked[channel];
  }

  /** The lines of what asks for the same in one channel, the most urgent first. */
  asking(signature: number, channel: Channel): SortedSet<Line> | undefined {
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
    const { asks, only, prefers, hopes } = placing;
    const inQueue =
      item.onlyAgent === undefined
        ? into(this.#queues, `${item.queue} ${item.channel}`, newLine)
        : undefined;
    const waiting: Waiting = { ...placing.rank, item, placing, inQueue, line: undefined };
    this.#places.set(item.id, waiting);
    inQueue?.add(waiting);
    for (const agent of only) {
      const lines = into(this.#personal, agent, () => new SortedSet(compareLines));
      const like = lineFor(waiting);
      let line = lines.get(like);
      if (!line) lines.add((line = like));
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
    const { item, placing, inQueue } = waiting;
    this.#places.delete(id);
    inQueue?.delete(waiting);
    if (inQueue?.size === 0) this.#queues.delete(`${item.queue} ${item.channel}`);
    for (const agent of placing.only) {
      const lines = this.#personal.get(agent);
      const line = lines?.get(lineFor(waiting));
      line?.items.delete(waiting);
      if (line) line.head = line.items.first;
      if (line?.items.size === 0) lines?.delete(line);
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
    if (waiting.line && placing.asks) {
      this.#deleteFromLine(waiting, waiting.line);
      this.#signatures.release(placing.asks);
    }
  }

  #hopefulOf(signature: RequirementSignature): Iterable<Waiting> {
    return this.#hopeful.get(signature) ?? [];
  }

  #addToLine(waiting: Waiting, asks: RequirementSignature): void {
    const { channel } = waiting.item;
    const key = keyOfAsking(asks.index, channel);
    const lines = into(this.#asking, key, () => new SortedSet(compareLines));
    const like = lineFor(waiting, asks);
    let line = lines.get(like);
    if (!line) {
      lines.add((line = like));
      line.band = this.#bandFor(waiting);
      this.#asked[channel].add(asks.index);
    }
    waiting.line = line;
    const { head } = line;
    if (head && compareInLine(head, waiting) < 0) {
      line.items.add(waiting);
      return;
    }
    if (head) line.band?.lines.delete(line);
    line.items.add(waiting);
    line.head = waiting;
    line.band?.lines.add(line);
  }

  #deleteFromLine(waiting: Waiting, line: Line): void {
    const { items, band } = line;
    if (line.head !== waiting) {
      items.delete(waiting);
      return;
    }
    band?.lines.delete(line);
    items.delete(waiting);
    line.head = items.first;
    if (line.head) band?.lines.add(line);
    else this.#dropLine(line);
  }

  #dropLine(line: Line): void {
    const { asks, band } = line;
    if (!asks || !band) return;
    const key = keyOfAsking(asks.index, line.channel);
    const asking = this.#asking.get(key);
    asking?.delete(line);
    if (asking?.size === 0) {
      this.#asking.delete(key);
      this.#asked[line.channel].delete(asks.index);
    }
    const of = this.#classes.get(line.rank);
    if (!of || band.lines.size > 0) return;
    of.bands.splice(of.bands.indexOf(band), 1);
    if (of.bands.length > 0) return;
    this.classes.delete(of);
    this.#classes.delete(line.rank);
  }

  #bandFor(waiting: Waiting): Band {
    const rank = classRank(waiting);
    let of = this.#classes.get(rank);
    if (!of) {
      of = { rank, bands: [] };
      this.#classes.set(rank, of);
      this.classes.add(of);
    }
    const { objective } = waiting;
    const { channel } = waiting.item;
    let band = of.bands.find((b) => b.channel === channel && b.objective === objective);
    if (!band) {
      band = { channel, objective, lines: new SortedSet(compareHeads) };
      of.bands.push(band);
    }
    return band;
  }
}

/** The most urgent first; no two of what asks for the same, or waits for the same agent, are equal. */
const compareLines = (a: Line, b: Line): number =>
  a.rank - b.rank ||
  a.objective - b.objective ||
  compareText(a.queue, b.queue) ||
  compareText(a.channel, b.channel);

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

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

const lineFor = (waiting: Waiting, asks?: RequirementSignature): Line => ({
  queue: waiting.item.queue,
  channel: waiting.item.channel,
  asks,
  rank: classRank(waiting),
  objective: waiting.objective,
  items: newLine(),
  head: undefined,
  band: undefined,
});

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
