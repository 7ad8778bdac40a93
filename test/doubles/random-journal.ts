/** Random journals of a small centre, as a media director could have written them. */
import type { Instant } from '#base/time.ts';
import {
  AgentId,
  CodeId,
  ConversationId,
  InteractionId,
  QueueId,
  SegmentId,
  WorkItemId,
} from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import { TRANSITIONS } from '#domain/work-item/state.ts';

export const QUEUES = ['sales', 'support'].map((id) => QueueId.parse(id));
export const AGENTS = ['agent-1', 'agent-2', 'agent-3'].map((id) => AgentId.parse(id));
const BREAK = CodeId.parse('break');
const THRESHOLD = 20_000;

/** A chance to decide by: whole numbers below `bound`. */
export type Pick = (bound: number) => number;

/**
 * Writes some `length` events, in which every item and agent obeys the transition table.
 *
 * @param start When the first one happened.
 */
export function randomJournal(pick: Pick, length: number, start: Instant): DirectorRecord[] {
  return new RandomCentre(pick, start).run(length);
}

const uuid = (kind: number, number: number): string =>
  `0193${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

class RandomCentre {
  readonly #pick: Pick;
  readonly #centre = new Centre();
  readonly #records: DirectorRecord[] = [];
  #now: Instant;
  #items = 0;
  #segments = 0;
  #offers = 0;

  constructor(pick: Pick, start: Instant) {
    this.#pick = pick;
    this.#now = start;
  }

  run(length: number): DirectorRecord[] {
    while (this.#records.length < length) {
      this.#now += this.#pick(4) === 0 ? this.#pick(40) * 60_000 : this.#pick(30_000);
      if (this.#pick(3) === 0) this.#agentMoves();
      else this.#itemMoves();
    }
    return this.#records;
  }

  #say(body: DirectorEvent): void {
    const record = { position: this.#records.length + 1, at: this.#now, body };
    this.#records.push(record);
    this.#centre.apply(record);
  }

  #oneOf<T>(among: readonly T[]): T {
    const one = among[this.#pick(among.length)];
    if (one === undefined) throw new RangeError('Cannot pick from nothing');
    return one;
  }

  #agentMoves(): void {
    const agent = this.#oneOf(AGENTS);
    const status = this.#centre.agents.get(agent);
    if (!status) {
      return this.#say({ type: 'agent-logged-in', agent, station: 'desk', channels: ['web-chat'] });
    }
    const [wrapUp] = status.wrapUps;
    if (wrapUp) {
      const { item, segment } = wrapUp;
      return this.#say({ type: 'wrap-up-ended', agent, item, segment });
    }
    const isFree = [...this.#centre.items.values()].every((item) => item.agent !== agent);
    switch (this.#pick(isFree ? 4 : 3)) {
      case 0:
        return this.#say({ type: 'agent-readiness-changed', agent, readiness: { state: 'ready' } });
      case 1:
        return this.#say({
          type: 'agent-readiness-changed',
          agent,
          readiness: { state: 'not-ready', reason: BREAK },
        });
      case 2:
        return this.#say({ type: 'agent-presence-changed', agent, present: this.#pick(2) === 0 });
      default:
        return this.#say({ type: 'agent-logged-out', agent, reason: 'asked' });
    }
  }

  #itemMoves(): void {
    const items = [...this.#centre.items.values()];
    if (items.length === 0 || this.#pick(4) === 0) return this.#enter(this.#oneOf(QUEUES));
    const item = this.#oneOf(items);
    if (
      item.state === 'queued' &&
      !item.serviceLevelCounted &&
      this.#now > this.#deadline(item.id)
    ) {
      return this.#say({ type: 'service-level-missed', item: item.id, queue: item.queue });
    }
    this.#move(item.id, this.#oneOf(Object.keys(TRANSITIONS[item.state])));
  }

  #deadline(item: WorkItemId): Instant {
    return this.#centre.items.get(item)?.serviceLevelDeadline ?? Infinity;
  }

  #enter(queue: QueueId, previous?: WorkItemId): void {
    const number = ++this.#items;
    this.#say({
      type: 'work-item-entered',
      item: WorkItemId.parse(uuid(1, number)),
      conversation: ConversationId.parse(uuid(2, number)),
      interaction: InteractionId.parse(uuid(3, number)),
      channel: 'web-chat',
      queue,
      priority: 5,
      enteredAt: this.#now - this.#pick(60_000),
      ...(this.#pick(5) > 0 ? { serviceLevelDeadline: this.#now + THRESHOLD } : {}),
      ...(previous ? { previous } : {}),
    });
  }

  #move(id: WorkItemId, move: string): void {
    const item = this.#centre.items.get(id);
    if (!item) return;
    const { queue, agent, offer } = item;
    const endOffer = (ending: 'declined' | 'no-answer' | 'device-error' | 'withdrawn') => {
      if (!agent || offer === undefined) return;
      this.#say({ type: 'offer-ended', item: id, agent, queue, offer, ending });
      this.#say({ type: 'work-item-requeued', item: id, queue, reason: ending });
    };
    switch (move) {
      case 'offer': {
        const free = [...this.#centre.agents.keys()];
        if (free.length === 0) return;
        const choice = {
          by: 'director' as const,
          rule: 'longest-idle',
          candidates: 1,
          configuration: 1,
        };
        const to = this.#oneOf(free);
        this.#offers += 1;
        return this.#say({
          type: 'work-item-offered',
          item: id,
          agent: to,
          queue,
          offer: this.#offers,
          deadline: this.#now + 20_000,
          choice,
        });
      }
      case 'accept': {
        if (!agent || offer === undefined) return;
        const segment = SegmentId.parse(uuid(4, ++this.#segments));
        this.#say({ type: 'offer-ended', item: id, agent, queue, offer, ending: 'accepted' });
        return this.#say({ type: 'work-item-accepted', item: id, agent, queue, segment, offer });
      }
      case 'decline':
        return endOffer('declined');
      case 'no-answer':
        return endOffer('no-answer');
      case 'device-error':
        return endOffer('device-error');
      case 'withdraw-offer':
        return endOffer('withdrawn');
      case 'park':
        this.#endSegment(id, 'parked');
        return this.#say({ type: 'work-item-parked', item: id });
      case 'wake':
        return this.#say({ type: 'work-item-requeued', item: id, queue, reason: 'woken' });
      case 'requeue':
        this.#endSegment(id, 'agent-vanished');
        return this.#say({ type: 'work-item-requeued', item: id, queue, reason: 'agent-vanished' });
      case 'await-customer':
        if (!agent) return;
        return this.#say({ type: 'work-item-awaits-customer', item: id, agent });
      case 'customer-replied':
        return this.#say({ type: 'customer-replied', item: id });
      case 'transfer': {
        this.#endSegment(id, 'transferred');
        const to = WorkItemId.parse(uuid(1, this.#items + 1));
        this.#say({ type: 'work-item-transferred', item: id, to, by: this.#oneOf(AGENTS) });
        return this.#enter(this.#oneOf(QUEUES), id);
      }
      case 'merge': {
        const into = this.#oneOf([...this.#centre.items.keys()]);
        if (into === id) return;
        this.#endSegment(id, 'merged');
        return this.#say({ type: 'work-item-merged', item: id, into, by: this.#oneOf(AGENTS) });
      }
      default:
        return this.#close(id, move);
    }
  }

  #close(id: WorkItemId, move: string): void {
    const item = this.#centre.items.get(id);
    if (!item) return;
    const { queue, agent, segment, state } = item;
    this.#endSegment(id, 'closed');
    const ending = move === 'close' ? 'handled' : move === 'abandon' ? 'abandoned' : 'forced';
    this.#say({ type: 'work-item-closed', item: id, queue, ending });
    if (ending === 'handled' && agent && segment && state !== 'parked' && this.#pick(2) === 0) {
      this.#say({ type: 'wrap-up-started', agent, item: id, segment });
    }
  }

  #endSegment(
    id: WorkItemId,
    ending: 'closed' | 'transferred' | 'parked' | 'merged' | 'agent-vanished',
  ) {
    const item = this.#centre.items.get(id);
    if (!item?.agent || !item.segment) return;
    const { agent, segment } = item;
    this.#say({ type: 'segment-ended', item: id, agent, segment, ending });
  }
}
