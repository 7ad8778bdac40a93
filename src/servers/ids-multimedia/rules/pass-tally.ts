import type { Instant } from '#base/time.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Batch, PassRow } from './batch.ts';
import type { LivePass } from './live.ts';

type Kept = Omit<LivePass, 'item'>;
type Items = ReadonlyMap<WorkItemId, OpenWorkItem>;
type EventOf<T extends DirectorEvent['type']> = Extract<DirectorEvent, { type: T }>;
type Ending = EventOf<'work-item-transferred' | 'work-item-merged' | 'work-item-closed'>;

/** Counts passes through queues: arrivals, waits, answers, endings. Keeps what the shared fold does not. */
export class PassTally {
  readonly #kept = new Map<WorkItemId, Kept>();

  constructor(passes: readonly LivePass[]) {
    for (const { item, ...kept } of passes) this.#kept.set(item.id, kept);
  }

  kept(item: WorkItemId): Kept | undefined {
    return this.#kept.get(item);
  }

  /** Counts an event; `items` are those open before it. Events of items that are not open count nothing. */
  count(at: Instant, event: DirectorEvent, items: Items, batch: Batch): void {
    if (event.type === 'work-item-entered') {
      if (items.has(event.item)) return;
      batch.entered += 1;
      batch.count(at, event, { entered: 1 });
      this.#kept.set(event.item, { waitingSince: at });
      return;
    }
    const item = 'item' in event ? items.get(event.item) : undefined;
    if (item) this.#countOpen(at, event, item, batch);
  }

  #countOpen(at: Instant, event: DirectorEvent, item: OpenWorkItem, batch: Batch): void {
    switch (event.type) {
      case 'work-item-offered':
        return batch.count(at, { queue: item.queue, agent: event.agent }, { offers: 1 });
      case 'offer-ended':
        if (event.ending === 'declined')
          batch.count(at, { queue: item.queue, agent: event.agent }, { declined: 1 });
        if (event.ending === 'no-answer')
          batch.count(at, { queue: item.queue, agent: event.agent }, { unanswered: 1 });
        return;
      case 'work-item-requeued': {
        const kept = this.#of(item);
        this.#kept.set(item.id, { ...kept, waitingSince: kept.waitingSince ?? at });
        return;
      }
      case 'work-item-accepted':
        return this.#accepted(at, event.agent, item, batch);
      case 'owner-changed':
        this.#kept.set(item.id, { ...this.#of(item), owner: event.agent });
        return;
      case 'service-level-missed':
        if (!item.serviceLevelCounted)
          batch.count(at, { queue: item.queue }, { serviceLevelMissed: 1 });
        return;
      case 'work-item-parked':
        return this.#endWait(at, item, batch);
      case 'work-item-transferred':
      case 'work-item-merged':
      case 'work-item-closed':
        return this.#over(at, event, item, batch);
      default: // of other things
        return;
    }
  }

  #accepted(at: Instant, agent: AgentId, item: OpenWorkItem, batch: Batch): void {
    this.#endWait(at, item, batch);
    const { answeredAt } = this.#of(item);
    this.#kept.set(item.id, { answeredAt: answeredAt ?? at, owner: agent });
    if (answeredAt !== undefined) return;
    const { queue } = item;
    batch.count(at, { queue, agent }, { answered: 1, answerWait: Math.max(0, at - item.queuedAt) });
    if (item.serviceLevelDeadline === undefined || item.serviceLevelCounted) return;
    const inTime = at <= item.serviceLevelDeadline;
    batch.count(at, { queue }, inTime ? { serviceLevelMet: 1 } : { serviceLevelMissed: 1 });
  }

  #over(at: Instant, event: Ending, item: OpenWorkItem, batch: Batch): void {
    this.#endWait(at, item, batch);
    const kept = this.#of(item);
    const { queue } = item;
    batch.ended += 1;
    batch.count(
      at,
      { queue },
      { ended: 1, transferred: event.type === 'work-item-transferred' ? 1 : 0 },
    );
    if (endingOf(event) === 'abandoned' && kept.answeredAt === undefined) {
      const late = item.serviceLevelDeadline !== undefined && !item.serviceLevelCounted;
      batch.count(at, { queue }, { abandoned: 1, serviceLevelMissed: late ? 1 : 0 });
    }
    this.#kept.delete(item.id);
    batch.passes.set(item.id, {
      ...describePass({ item, ...kept }),
      endedAt: at,
      ending: endingOf(event),
      code: event.type === 'work-item-closed' ? event.code : undefined,
      next: nextOf(event),
    });
  }

  #endWait(at: Instant, item: OpenWorkItem, batch: Batch): void {
    const { waitingSince, ...kept } = this.#of(item);
    if (waitingSince === undefined) return;
    batch.waited(item.queue, { from: waitingSince, to: at });
    this.#kept.set(item.id, kept);
  }

  #of(item: OpenWorkItem): Kept {
    return this.#kept.get(item.id) ?? {};
  }
}

/** An open pass as history shows it. */
export function describePass({ item, answeredAt, owner }: LivePass): PassRow {
  return {
    item: item.id,
    conversation: item.conversation,
    interaction: item.interaction,
    channel: item.channel,
    queue: item.queue,
    entryPoint: item.entryPoint,
    contact: item.contact,
    enteredAt: item.enteredAt,
    queuedAt: item.queuedAt,
    answeredAt,
    agent: owner,
  };
}

const endingOf = (event: Ending): NonNullable<PassRow['ending']> =>
  event.type === 'work-item-closed' ? event.ending : ENDINGS[event.type];

const ENDINGS = {
  'work-item-transferred': 'transferred',
  'work-item-merged': 'merged',
} as const;

/** Where the work went on. */
function nextOf(event: Ending): WorkItemId | undefined {
  if (event.type === 'work-item-transferred') return event.to;
  return event.type === 'work-item-merged' ? event.into : undefined;
}
