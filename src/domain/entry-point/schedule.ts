/**
 * Opening hours on the time line. Hours are what a clock on the wall of the schedule's time zone
 * shows, so a day has 23 or 25 hours where the clocks change:
 *
 * - a time that the clock skips (02:30 in spring) is the moment of the skip;
 * - of a time that comes twice (02:30 in autumn) opening means the first, closing the second, so
 *   that the hour which comes twice is open as a whole or not at all.
 */
import { Temporal } from 'temporal-polyfill';
import { days, type Instant } from '#base/time.ts';
import type { Schedule } from '../configuration/documents.ts';

/** Beyond this nobody asks, and a schedule without any hours must not search for ever. */
const FARTHEST_OPENING = days(400);

/**
 * Whether the schedule is open at that moment: from the first millisecond of a span until its end,
 * which is no longer part of it. A span that does not end after it begins is none.
 *
 * @throws {RangeError} If the schedule names a time zone that does not exist.
 */
export function isOpen(schedule: Schedule, at: Instant): boolean {
  const today = dateAt(schedule, at);
  // Yesterday's 24:00 reaches into today where the clocks go back over midnight.
  return [today.subtract({ days: 1 }), today].some((date) =>
    spansOf(schedule, date).some((span) => span.from <= at && at < span.to),
  );
}

/**
 * When the schedule is open next: `at` itself where it is open then.
 *
 * @returns Nothing where it does not open within 400 days.
 * @throws {RangeError} If the schedule names a time zone that does not exist.
 */
export function nextOpening(schedule: Schedule, at: Instant): Instant | undefined {
  if (isOpen(schedule, at)) return at;
  const last = dateAt(schedule, at + FARTHEST_OPENING);
  let date = dateAt(schedule, at);
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    const ahead = spansOf(schedule, date)
      .filter((span) => span.from > at && span.to > span.from)
      .map((span) => span.from);
    if (ahead.length > 0) return Math.min(...ahead);
    date = date.add({ days: 1 });
  }
  return undefined;
}

function dateAt(schedule: Schedule, at: Instant): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(schedule.timeZone)
    .toPlainDate();
}

/** The spans that begin on `date`. */
function spansOf(schedule: Schedule, date: Temporal.PlainDate): { from: Instant; to: Instant }[] {
  const day = date.toString();
  const spans =
    schedule.days.find((exception) => exception.date === day)?.spans ??
    schedule.week[date.dayOfWeek - 1] ??
    [];
  return spans.map(({ from, to }) => ({
    from: instantOf(schedule, date, from, 'earlier'),
    to: instantOf(schedule, date, to, 'later'),
  }));
}

/** When the wall clock shows `time` on `date`; `which` matters where it does so twice. */
function instantOf(
  { timeZone }: Schedule,
  date: Temporal.PlainDate,
  time: string,
  which: 'earlier' | 'later',
): Instant {
  const endOfDay = time === '24:00';
  const wall = (endOfDay ? date.add({ days: 1 }) : date).toPlainDateTime(endOfDay ? '00:00' : time);
  const shown = wall.toZonedDateTime(timeZone, { disambiguation: which });
  if (shown.toPlainDateTime().equals(wall)) return shown.epochMilliseconds;
  const before = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  return (before.getTimeZoneTransition('next') ?? shown).epochMilliseconds;
}
