/**
 * Customers served by the director's own rules on a clock that jumps: agents accept at once and have no
 * wrap-up. Only tests and benches import this file.
 */
import { newId } from '#base/id.ts';
import type { Instant } from '#base/time.ts';
import type { AgentId, ConversationId, InteractionId, SegmentId, WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { advance } from '../rules/advance.ts';
import { commandOf, type CommandName, type CommandParams } from '../rules/command.ts';
import { DirectorState } from '../rules/director-state.ts';
import { agentId, documents, newItemId, POLICY, queueId } from './centre.ts';
import type { Customer, Fate } from './customers.ts';

const QUEUE = queueId('queue');
const SEGMENT = newId() as SegmentId;

interface Present extends Customer {
  /** Where in the order of arrival. */
  readonly place: number;
}

/** Something that will happen by itself: a contact is done with, or its customer has no patience left. */
interface Coming {
  readonly at: Instant;
  readonly item: WorkItemId;
  /** Whoever handles it; nobody where patience ends. */
  readonly agent?: AgentId;
}

export class ServedByTheRules {
  readonly #state = new DirectorState(POLICY);
  readonly #present = new Map<WorkItemId, Present>();
  readonly #coming: Coming[] = [];
  readonly #fates: Fate[] = [];
  #arrived = 0;
  #decisions = 0;

  constructor(agents: number) {
    const ids = Array.from({ length: agents }, (_, n) => agentId(`agent-${n + 1}`));
    const able = { capacity: { task: 1 } };
    const agent = Object.fromEntries(ids.map((id) => [id, able]));
    this.#state.configure(documents({ agent, queue: { [QUEUE]: {} } }));
    for (const id of ids) {
      this.#run(0, 'logIn', { agent: id, station: `station of ${id}` });
      this.#run(0, 'setReadiness', { agent: id, readiness: { state: 'ready' } });
    }
  }

  /** How many commands were decided, offers and events included. */
  get decisions(): number {
    return this.#decisions;
  }

  /** Lets one come in, after all that happens before. They are told in the order in which they come. */
  arrive(customer: Customer): void {
    const { arrivesAt, patience } = customer;
    this.#until(arrivesAt);
    const id = newId();
    const item = id as WorkItemId;
    this.#present.set(item, { ...customer, place: this.#arrived++ });
    this.#run(arrivesAt, 'submit', {
      item: {
        id: item,
        conversation: id as ConversationId,
        interaction: id as InteractionId,
        channel: 'task',
        queue: QUEUE,
        enteredAt: arrivesAt,
      },
    });
    const waits = this.#state.item(item)?.state === 'queued';
    if (waits && Number.isFinite(patience)) push(this.#coming, { at: arrivesAt + patience, item });
  }

  /** How all fared who have come, in the order in which they came. */
  finish(): readonly Fate[] {
    this.#until(Number.POSITIVE_INFINITY);
    return this.#fates;
  }

  #until(end: Instant): void {
    for (let next = this.#coming[0]; next && next.at <= end; next = this.#coming[0]) {
      pop(this.#coming);
      const { at, item, agent } = next;
      if (agent) this.#run(at, 'close', { item, agent });
      else if (this.#state.item(item)?.state === 'queued') this.#abandon(at, item);
    }
  }

  #abandon(at: Instant, item: WorkItemId): void {
    this.#run(at, 'abandon', { item });
    this.#leave(item, at, true);
  }

  #leave(item: WorkItemId, at: Instant, abandoned: boolean): Present | undefined {
    const customer = this.#present.get(item);
    if (!customer) return undefined;
    this.#present.delete(item);
    this.#fates[customer.place] = { waited: at - customer.arrivesAt, abandoned };
    return customer;
  }

  #run<K extends CommandName>(at: Instant, name: K, params: CommandParams[K]): void {
    this.#decisions++;
    const facts = { at, segment: SEGMENT, newItem: newItemId, mayOffer: true };
    const { events, outcome } = advance(this.#state, commandOf(name, params), facts);
    if (outcome.type === 'refused') throw new Error(`Cannot ${name}: ${outcome.message}`);
    for (const event of events) this.#heed(at, event);
  }

  #heed(at: Instant, event: DirectorEvent): void {
    if (event.type === 'work-item-closed') this.#state.endings.delete(event.item); // or they add up
    if (event.type !== 'work-item-offered') return;
    const { item, agent, offer } = event;
    this.#run(at, 'accept', { item, agent, offer });
    const customer = this.#leave(item, at, false);
    if (customer) push(this.#coming, { at: at + customer.handling, item, agent });
  }
}

/** What comes first; of one moment, agents are free before customers lose patience. */
const isBefore = (a: Coming, b: Coming): boolean =>
  a.at === b.at ? a.agent !== undefined && b.agent === undefined : a.at < b.at;

/** A binary heap, the first at 0. */
function push(heap: Coming[], one: Coming): void {
  let at = heap.length;
  for (; at > 0;) {
    const parent = (at - 1) >> 1;
    if (!isBefore(one, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = one;
}

function pop(heap: Coming[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
