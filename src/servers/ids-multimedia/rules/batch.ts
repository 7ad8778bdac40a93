import type { Instant } from '#base/time.ts';
import type { AgentId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { AgentActivity } from '#domain/metrics/board.ts';
import { type Counts, addCounts, noCounts } from '#domain/metrics/counts.ts';
import type { HistoryItem } from '#domain/metrics/history.ts';
import {
  type Span,
  INTERVAL,
  countedSpan,
  intervalOf,
  splitOverIntervals,
} from '#domain/metrics/interval.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { LiveKey, LiveSegment } from './live.ts';

/** What was counted in one interval. `agent` is '' for what belongs to no agent: arrivals, waits. */
export interface CountRow {
  readonly interval: Instant;
  readonly queue: QueueId;
  readonly agent: AgentId | '';
  readonly counts: Counts;
}

/** How long an agent was in an activity within one interval. `reason` is '' where there is none. */
export interface TimeRow {
  readonly interval: Instant;
  readonly agent: AgentId;
  readonly activity: AgentActivity;
  readonly reason: string;
  time: number;
}

export type PassRow = Omit<HistoryItem, 'segments'>;

/** What a stretch of the journal adds to the tables: increments, and rows as they are now. */
export class Batch {
  readonly #counts = new Map<string, CountRow>();
  readonly #times = new Map<string, TimeRow>();
  readonly #touched = new Map<string, LiveKey>();
  readonly passes = new Map<WorkItemId, PassRow>();
  readonly segments = new Map<string, LiveSegment>();
  readonly records: (DirectorRecord & { readonly item: WorkItemId })[] = [];
  entered = 0;
  ended = 0;

  get counts(): readonly CountRow[] {
    return [...this.#counts.values()];
  }

  get times(): readonly TimeRow[] {
    return [...this.#times.values()];
  }

  /** What must be stored anew, or deleted where it is over. */
  get touched(): readonly LiveKey[] {
    return [...this.#touched.values()];
  }

  touch(key: LiveKey): void {
    this.#touched.set(`${key.kind} ${key.id}`, key);
  }

  /** Counts an event in its interval. */
  count(at: Instant, of: { queue: QueueId; agent?: AgentId }, more: Partial<Counts>): void {
    this.#add(intervalOf(at), of, more);
  }

  /** Splits time that an agent had a contact. */
  handled(segment: LiveSegment, span: Span, wrapUp: boolean): void {
    for (const { interval, time } of splitOverIntervals(countedSpan(span.from, span.to))) {
      this.#add(interval, segment, { handleTime: time, wrapUpTime: wrapUp ? time : 0 });
    }
  }

  /** Takes in a wait that is over: what it had grown to by the end of each interval. */
  waited(queue: QueueId, span: Span): void {
    const counted = countedSpan(span.from, span.to);
    for (const { interval } of splitOverIntervals(counted)) {
      const longestWait = Math.min(counted.to, interval + INTERVAL) - counted.from;
      this.#add(interval, { queue }, { longestWait });
    }
  }

  /** Splits time that an agent was in an activity. */
  spent(
    agent: AgentId,
    doing: { activity: AgentActivity; reason?: string | undefined },
    span: Span,
  ) {
    const { activity, reason = '' } = doing;
    for (const { interval, time } of splitOverIntervals(countedSpan(span.from, span.to))) {
      const key = `${interval} ${agent} ${activity} ${reason}`;
      const row = this.#times.get(key);
      if (row) row.time += time;
      else this.#times.set(key, { interval, agent, activity, reason, time });
    }
  }

  #add(
    interval: Instant,
    { queue, agent = '' }: { queue: QueueId; agent?: AgentId | '' },
    more: Partial<Counts>,
  ): void {
    const key = `${interval} ${queue} ${agent}`;
    let row = this.#counts.get(key);
    if (!row) this.#counts.set(key, (row = { interval, queue, agent, counts: noCounts() }));
    addCounts(row.counts, more);
  }
}
