import type { QueueId } from '#domain/ids.ts';
import type { Milliseconds } from '#base/time.ts';
import { BitSet } from './bit-set.ts';
import { Line, type Waiting } from './line.ts';
import { compareInLine } from './order.ts';
import type { RequirementSignature } from './signatures.ts';
import { SortedSet } from './sorted-set.ts';

/** What asks for the same in one channel: a line per queue. Nearly always there is one queue that asks for it. */
class Asking {
  /** The line whose head comes first. */
  first: Line | undefined;
  /** Where there are more: all of them, by their queue and in the order of their heads. */
  #several: Map<QueueId, Line> | undefined;
  #ordered: SortedSet<Line> | undefined;

  /** The line of what waits in a queue, where anything does. */
  of(queue: QueueId): Line | undefined {
    return this.first?.queue === queue ? this.first : this.#several?.get(queue);
  }

  /** All lines in the order of their heads, where there are several. */
  get several(): Iterable<Line> | undefined {
    return this.#ordered;
  }

  /** A line stands elsewhere when this was done: with another head, or for the first time. */
  enter(line: Line): void {
    if (this.first && !this.#ordered) {
      this.#several = new Map([[this.first.queue, this.first]]);
      this.#ordered = new SortedSet(compareHeads, ({ head }) => head?.order ?? Infinity);
      this.#ordered.add(this.first);
    }
    this.#several?.set(line.queue, line);
    this.#ordered?.add(line);
    this.first = this.#ordered?.first ?? line;
  }

  /** A line will have another head, or none. */
  leave(line: Line): void {
    this.#several?.delete(line.queue);
    this.#ordered?.delete(line);
    this.first = this.#ordered?.first;
    if (this.#several?.size === 0) this.#several = this.#ordered = undefined;
  }
}

const compareHeads = (a: Line, b: Line): number =>
  a.head && b.head ? compareInLine(a.head, b.head) : 0;

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

  /** Of what asks for this signature, the line whose head comes first. */
  first(signature: number): Line | undefined {
    return this.#asking[signature]?.first;
  }

  /** All lines of what asks for this signature, in the order of their heads; nothing where there is one at most. */
  several(signature: number): Iterable<Line> | undefined {
    return this.#asking[signature]?.several;
  }

  add(waiting: Waiting, asks: RequirementSignature): void {
    const asking = (this.#asking[asks.index] ??= new Asking());
    const line = asking.of(waiting.item.queue) ?? new Line(waiting.item, asks);
    waiting.line = line;
    if (line.head && compareInLine(line.head, waiting) < 0) {
      line.add(waiting);
      return;
    }
    if (line.head) asking.leave(line);
    line.add(waiting);
    asking.enter(line);
    this.#note(asks.index, asking);
  }

  delete(waiting: Waiting, line: Line, { index }: RequirementSignature): void {
    const asking = this.#asking[index];
    if (line.head !== waiting || !asking) {
      line.delete(waiting);
      return;
    }
    asking.leave(line);
    line.delete(waiting);
    if (line.head) asking.enter(line);
    this.#note(index, asking);
  }

  #note(signature: number, { first }: Asking): void {
    if (!first?.head) {
      this.#asking[signature] = undefined;
      this.asked.delete(signature);
      return;
    }
    if (signature >= this.#orders.length) {
      this.#orders = grown(this.#orders, signature + 1);
      this.#objectives = grown(this.#objectives, signature + 1);
    }
    this.#orders[signature] = first.head.order;
    this.#objectives[signature] = first.head.objective;
    this.asked.add(signature);
  }
}

function grown(row: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(least, row.length * 2));
  longer.set(row);
  return longer;
}
