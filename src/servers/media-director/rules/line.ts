import type { AgentId, Channel, QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { compareInLine, type WorkRank } from './order.ts';
import type { RequirementSignature } from './signatures.ts';
import { SortedSet } from './sorted-set.ts';

/** A waiting work item in its lines: found once, and changed in place. */
export interface Waiting extends WorkRank {
  item: OpenWorkItem;
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
  /** Where it stands among those who wait in its queue; nothing where it is meant for one agent alone. */
  inQueue: SortedSet<Waiting> | undefined;
  /** The line where everybody who may have it finds it. */
  line: Line | undefined;
}

/** Waiting work of one queue and channel that the same agents can take, in order. */
export class Line {
  readonly queue: QueueId;
  readonly channel: Channel;
  readonly asks: RequirementSignature | undefined;
  readonly items = newOrder();
  /** The first of them. */
  head: Waiting | undefined;

  constructor({ queue, channel }: OpenWorkItem, asks?: RequirementSignature) {
    this.queue = queue;
    this.channel = channel;
    this.asks = asks;
  }

  add(waiting: Waiting): void {
    this.items.add(waiting);
    if (!this.head || compareInLine(waiting, this.head) < 0) this.head = waiting;
  }

  delete(waiting: Waiting): void {
    this.items.delete(waiting);
    if (this.head === waiting) this.head = this.items.first;
  }
}

/** An order of waiting work: that of its queue. */
export const newOrder = (): SortedSet<Waiting> =>
  new SortedSet<Waiting>(compareInLine, ({ order }) => order);
