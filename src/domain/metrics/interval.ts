/**
 * Quarters of an hour, half-open: an instant belongs to the one that begins at or before it. Time zones
 * of today differ from UTC by whole quarters, so hours and days anywhere are made of whole intervals.
 */
import { days, minutes } from '#base/time.ts';
import type { Instant, Milliseconds } from '#base/time.ts';

export const INTERVAL: Milliseconds = minutes(15);

/** A stretch of time; `to` is not in it any more. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** What lasts longer is no work but something forgotten, or a clock that jumped: its first part is counted. */
const LONGEST_SPAN: Milliseconds = days(31);

/** The beginning of the interval that `at` belongs to. */
export const intervalOf = (at: Instant): Instant => Math.floor(at / INTERVAL) * INTERVAL;

/**
 * A span as it is counted: never backwards, though clocks may run so, and of a very long one the first 31
 * days. While it lasts, what was counted of it before does not change.
 */
export function countedSpan(from: Instant, to: Instant): Span {
  return { from: Math.min(from, to), to: Math.min(to, from + LONGEST_SPAN) };
}

/** How much of `span` lies within `range`. */
export const overlap = (span: Span, range: Span): Milliseconds =>
  Math.max(0, Math.min(span.to, range.to) - Math.max(span.from, range.from));

/** One interval's part of a span. */
export interface SpanPart {
  readonly interval: Instant;
  readonly time: Milliseconds;
}

/**
 * The parts of a span by the interval they lie in, in order. They add up to the span.
 *
 * @yields One part for each interval that the span touches; none for an empty span.
 */
export function* splitOverIntervals(span: Span): Generator<SpanPart, void> {
  for (let interval = intervalOf(span.from); interval < span.to; interval += INTERVAL) {
    const time = overlap(span, { from: interval, to: interval + INTERVAL });
    if (time > 0) yield { interval, time };
  }
}

/** Widens a span to whole intervals. */
export const widened = (span: Span): Span => ({
  from: intervalOf(span.from),
  to: intervalOf(span.to + INTERVAL - 1),
});
