/** What is remembered of queues beside what is open: how fast they move, and when they last gave an offer. */
import type { Instant } from '#base/time.ts';
import type { Channel, QueueId } from '#domain/ids.ts';
import { paceAfter, type Pace } from '#domain/waiting-time/pace.ts';
import type { DirectorEvent, RequeueReason } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { PerLine } from './per-line.ts';

/** All of it, as a checkpoint keeps it. */
export interface Remembered {
  readonly paces: readonly { readonly line: string; readonly pace: Pace }[];
  readonly offers: readonly { readonly queue: QueueId; readonly at: Instant }[];
}

/** Whoever came back for one of these had been answered before. */
const AFTER_AN_ANSWER: ReadonlySet<RequeueReason> = new Set([
  'agent-vanished',
  'pulled-back',
  'woken',
  'owner-left',
  'owner-full',
]);

export class QueueMemory {
  readonly #paces = new PerLine<Pace>();
  readonly #offers: Map<QueueId, Instant>;

  constructor({ paces, offers }: Remembered = { paces: [], offers: [] }) {
    for (const { line, pace } of paces) {
      const [queue, channel] = line.split(' ') as [QueueId, Channel];
      this.#paces.set(queue, channel, pace);
    }
    this.#offers = new Map(offers.map(({ queue, at }) => [queue, at]));
  }

  /** How fast a queue's line of one channel moves; nothing while nobody has been answered from it. */
  pace(queue: QueueId, channel: Channel): Pace | undefined {
    return this.#paces.get(queue, channel);
  }

  /** When the director last offered something of the queue by its rules. */
  lastOffer(queue: QueueId): Instant | undefined {
    return this.#offers.get(queue);
  }

  /** Takes in what happened to `item`, as it was before. */
  take(item: OpenWorkItem | undefined, event: DirectorEvent, at: Instant): void {
    if (event.type === 'work-item-offered' && event.choice.by === 'director') {
      this.#offers.set(event.queue, at);
    }
    if (event.type !== 'work-item-accepted' || !item || !isFirstAnswer(item)) return;
    const { queue, channel, queuedAt } = item;
    const pace = paceAfter(this.#paces.get(queue, channel), { at, queuedAt });
    this.#paces.set(queue, channel, pace);
  }

  remembered(): Remembered {
    return {
      paces: [...this.#paces.entries()].map(([queue, channel, pace]) => ({
        line: `${queue} ${channel}`,
        pace,
      })),
      offers: [...this.#offers].map(([queue, at]) => ({ queue, at })),
    };
  }
}

/** Whether nobody has answered it yet in this pass, and it stood in the line like all others. */
export const isFirstAnswer = ({ onlyAgent, returns = [] }: OpenWorkItem): boolean =>
  onlyAgent === undefined && !returns.some(({ reason }) => AFTER_AN_ANSWER.has(reason));
