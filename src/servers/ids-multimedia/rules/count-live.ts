import type { Instant } from '#base/time.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import type { AgentActivity } from '#domain/metrics/board.ts';
import { type Counts, addCounts, noCounts } from '#domain/metrics/counts.ts';
import { type Span, countedSpan, overlap } from '#domain/metrics/interval.ts';
import { type Live, isOpen, isWrappingUp } from './live.ts';

/** What goes on now adds this to a range, though no event has ended it yet. */
export interface LiveCount {
  readonly range: number;
  readonly queue: QueueId;
  readonly agent: AgentId | '';
  readonly counts: Counts;
}

export interface LiveTime {
  readonly range: number;
  readonly agent: AgentId;
  readonly activity: AgentActivity;
  readonly reason: string;
  readonly time: number;
}

/**
 * What goes on at `now`, counted into the ranges between `edges` as it would be if it ended now: so that
 * a figure asked for twice says the same of the past, whatever ended in between.
 */
export function countLive(
  live: Live,
  edges: readonly Instant[],
  now: Instant,
): { readonly counts: LiveCount[]; readonly times: LiveTime[] } {
  const counts = new Map<string, LiveCount>();
  const times: LiveTime[] = [];
  const add = (range: number, of: { queue: QueueId; agent?: AgentId }, more: Partial<Counts>) => {
    const { queue, agent = '' } = of;
    const key = `${range} ${queue} ${agent}`;
    let row = counts.get(key);
    if (!row) counts.set(key, (row = { range, queue, agent, counts: noCounts() }));
    addCounts(row.counts, more);
  };
  for (const { item, waitingSince } of live.passes) {
    if (waitingSince === undefined) continue;
    const waited = countedSpan(waitingSince, now);
    for (const { range, to } of rangesOf(waited, edges)) {
      add(range, { queue: item.queue }, { longestWait: Math.min(to, waited.to) - waitingSince });
    }
  }
  for (const segment of live.segments) {
    if (isOpen(segment)) {
      for (const { range, time } of rangesOf(countedSpan(segment.from, now), edges)) {
        add(range, segment, { handleTime: time });
      }
    }
    if (segment.wrapUpFrom === undefined || !isWrappingUp(segment)) continue;
    for (const { range, time } of rangesOf(countedSpan(segment.wrapUpFrom, now), edges)) {
      add(range, segment, { handleTime: time, wrapUpTime: time });
    }
  }
  for (const { status, activity, reason = '', since } of live.agents) {
    for (const { range, time } of rangesOf(countedSpan(since, now), edges)) {
      times.push({ range, agent: status.id, activity, reason, time });
    }
  }
  return { counts: [...counts.values()], times };
}

/** The ranges a span touches. */
function rangesOf(
  span: Span,
  edges: readonly Instant[],
): { readonly range: number; readonly to: Instant; readonly time: number }[] {
  const touched = [];
  for (let range = firstEndingBehind(edges, span.from); range + 1 < edges.length; range += 1) {
    const [from = 0, to = 0] = edges.slice(range, range + 2);
    if (from >= span.to) break;
    const time = overlap(span, { from, to });
    if (time > 0) touched.push({ range, to, time });
  }
  return touched;
}

/** The first range whose end is behind `at`, by halving. */
function firstEndingBehind(edges: readonly Instant[], at: Instant): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle + 1] ?? Infinity) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
