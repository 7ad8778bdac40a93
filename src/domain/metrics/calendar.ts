/** Hours and days of an organisation's time zone, as edges on the UTC time line. */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#base/time.ts';
import { INTERVAL, type Span, intervalOf } from './interval.ts';

/** What figures are grouped by. */
export type Grouping = '15min' | 'hour' | 'day' | 'total';

/** A time zone this program knows, else UTC: a report in the wrong zone beats none. */
export function knownTimeZone(timeZone: string): string {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return timeZone;
  } catch {
    return 'UTC';
  }
}

/** When the day that `at` lies in began. Where midnight is skipped, the day begins after the gap. */
export function dayBegan(at: Instant, timeZone: string): Instant {
  return intervalOf(zoned(at, timeZone).startOfDay().epochMilliseconds);
}

/**
 * The edges of the groups that make up `span`: ascending, first `span.from`, last `span.to`. A day has 23,
 * 24 or 25 hours as its clocks say; the hour that comes twice is two groups. The first and the last
 * group are cut where the span begins and ends.
 *
 * @throws {RangeError} If there are more than `limit` groups.
 */
export function groupEdges(
  span: Span,
  grouping: Grouping,
  timeZone: string,
  limit: number,
): Instant[] {
  const edges = [span.from];
  const next = NEXT_EDGE[grouping];
  for (let edge = next(span.from, timeZone); edge < span.to; edge = next(edge, timeZone)) {
    edges.push(edge);
    if (edges.length > limit) throw new RangeError(`Cannot group: more than ${limit} intervals`);
  }
  edges.push(span.to);
  return edges;
}

type NextEdge = (edge: Instant, timeZone: string) => Instant;

const NEXT_EDGE: Readonly<Record<Grouping, NextEdge>> = {
  total: () => Infinity,
  '15min': (edge) => edge + INTERVAL,
  hour: nextHour,
  day: (edge, timeZone) => {
    const tomorrow = zoned(edge, timeZone).startOfDay().add({ days: 1 });
    return intervalOf(tomorrow.startOfDay().epochMilliseconds);
  },
};

/** Full hours on the zone's clocks, found quarter by quarter: a change of clocks may fall within an hour. */
function nextHour(edge: Instant, timeZone: string): Instant {
  let next = edge + INTERVAL;
  while (zoned(next, timeZone).minute !== 0) next += INTERVAL;
  return next;
}

const zoned = (at: Instant, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
