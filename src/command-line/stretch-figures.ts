/** The figures of a stretch of the director's events, counted as reports count them. */
import type { Instant } from '#base/time.ts';
import type { QueueId } from '#domain/ids.ts';
import { addCounts, noCounts, type Counts } from '#domain/metrics/counts.ts';
import { intervalOf } from '#domain/metrics/interval.ts';
import { figuresOf, type Figures } from '#domain/metrics/metric.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { countLive } from '#servers/ids-multimedia/rules/count-live.ts';
import type { LivePass, LiveSegment } from '#servers/ids-multimedia/rules/live.ts';
import { Tally } from '#servers/ids-multimedia/rules/tally.ts';
import { isFirstAnswer } from '#servers/media-director/rules/queue-memory.ts';
import type { StartingPoint } from '#servers/media-director/rules/director-state.ts';

/** All queues together, and each. */
export interface StretchFigures {
  readonly total: Figures;
  readonly queues: ReadonlyMap<QueueId, Figures>;
}

/** Counts one course that things take through a stretch. */
export class StretchCount {
  readonly #tally: Tally;
  readonly #from: Instant;
  readonly #counts = new Map<QueueId, Counts>();

  /** @param start Everything as it is when the stretch begins. */
  constructor(start: StartingPoint, from: Instant) {
    this.#from = from;
    this.#tally = new Tally({
      position: start.position,
      passes: start.items.map(passOf),
      segments: [
        ...start.items.flatMap((item) => segmentOf(item, from)),
        ...wrapUpsOf(start, from),
      ],
      agents: [],
      entered: start.entered,
      ended: start.ended,
    });
  }

  take(record: DirectorRecord): void {
    const batch = this.#tally.take([record]);
    for (const { interval, queue, counts } of batch.counts) {
      if (interval >= intervalOf(this.#from)) this.#add(queue, counts);
    }
  }

  /** Up to now; what goes on is counted as it would be if it ended at `to`. */
  figures(to: Instant): StretchFigures {
    const live = countLive(this.#tally.live(), [this.#from, to], to);
    const counts = new Map([...this.#counts].map(([queue, some]) => [queue, { ...some }] as const));
    for (const row of live.counts) {
      const some = counts.get(row.queue) ?? noCounts();
      addCounts(some, row.counts);
      counts.set(row.queue, some);
    }
    const total = noCounts();
    for (const some of counts.values()) addCounts(total, some);
    return {
      total: figuresOf(total, 'queue'),
      queues: new Map(
        [...counts].map(([queue, some]) => [queue, figuresOf(some, 'queue')] as const),
      ),
    };
  }

  #add(queue: QueueId, more: Counts): void {
    let counts = this.#counts.get(queue);
    if (!counts) this.#counts.set(queue, (counts = noCounts()));
    addCounts(counts, more);
  }
}

/**
 * An open pass, as counting goes on with it: an answer of before is not counted again. What came back late
 * from somebody counts as answered before, though it may only have rung there.
 */
function passOf(item: OpenWorkItem): LivePass {
  const { state, agent, segment, since, queuedAt, returns, serviceLevelCounted } = item;
  const wasAnswered = serviceLevelCounted && !isFirstAnswer(item);
  const answer = wasAnswered ? { answeredAt: queuedAt } : {};
  if (state === 'queued' || state === 'offered') {
    return { item, waitingSince: returns?.at(-1)?.at ?? queuedAt, ...answer };
  }
  if (segment) return { item, answeredAt: since, owner: agent };
  return serviceLevelCounted ? { item, answeredAt: queuedAt } : { item };
}

/** What was before the stretch is not its own. */
function segmentOf({ id, queue, agent, segment }: OpenWorkItem, from: Instant): LiveSegment[] {
  return agent && segment ? [{ segment, agent, item: id, queue, from }] : [];
}

const wrapUpsOf = ({ agents }: StartingPoint, from: Instant): LiveSegment[] =>
  agents.flatMap(({ id: agent, wrapUps }) =>
    wrapUps.flatMap(({ item, segment, queue }): LiveSegment[] =>
      queue ? [{ segment, agent, item, queue, from, to: from, wrapUpFrom: from }] : [],
    ),
  );
