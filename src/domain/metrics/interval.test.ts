import fc from 'fast-check';
import { expect, test } from 'vitest';
import { days, hours, minutes } from '#base/time.ts';
import { dayBegan, groupEdges, knownTimeZone } from './calendar.ts';
import {
  INTERVAL,
  countedSpan,
  intervalOf,
  overlap,
  splitOverIntervals,
  widened,
} from './interval.ts';

const at = (text: string): number => Date.parse(text);
const instants = fc.integer({ min: 0, max: at('2100-01-01T00:00Z') });

test('splitOverIntervals() gives parts that add up to the span, each within its interval', () => {
  fc.assert(
    fc.property(instants, fc.nat({ max: days(3) }), (from, length) => {
      const span = { from, to: from + length };
      const parts = [...splitOverIntervals(span)];
      expect(parts.reduce((sum, { time }) => sum + time, 0)).toBe(length);
      for (const { interval, time } of parts) {
        expect(interval % INTERVAL).toBe(0);
        expect(time).toBe(overlap(span, { from: interval, to: interval + INTERVAL }));
      }
    }),
  );
});

test('intervalOf() is half-open: an event on the edge belongs to the interval that begins', () => {
  expect(intervalOf(at('2026-03-02T10:15:00.000Z'))).toBe(at('2026-03-02T10:15Z'));
  expect(intervalOf(at('2026-03-02T10:14:59.999Z'))).toBe(at('2026-03-02T10:00Z'));
});

test('countedSpan() never runs backwards, nor for years because a clock jumped', () => {
  expect(countedSpan(1_000, 400)).toEqual({ from: 400, to: 400 });
  expect(countedSpan(7, 7 + days(20_000))).toEqual({ from: 7, to: 7 + days(31) });
});

test('widened() gives whole intervals', () => {
  const span = { from: at('2026-03-02T10:07Z'), to: at('2026-03-02T11:00:00.001Z') };
  const wide = { from: at('2026-03-02T10:00Z'), to: at('2026-03-02T11:15Z') };
  expect(widened(span)).toEqual(wide);
  expect(widened(wide)).toEqual(wide);
});

const hoursOfDay = (date: string, timeZone: string): number[] => {
  const from = dayBegan(at(`${date}T12:00Z`), timeZone);
  const [, to = 0] = groupEdges({ from, to: from + hours(30) }, 'day', timeZone, 10);
  const edges = groupEdges({ from, to }, 'hour', timeZone, 40);
  return edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0));
};

test.each([
  ['2026-03-29', 'Europe/Berlin', 23],
  ['2026-10-25', 'Europe/Berlin', 25],
  ['2026-06-01', 'Europe/Berlin', 24],
  ['2026-06-01', 'Asia/Kathmandu', 24],
  ['2026-11-01', 'America/New_York', 25],
])('groupEdges() finds on %s in %s a day of %i hours', (date, timeZone, length) => {
  const groups = hoursOfDay(date, timeZone);
  expect(groups).toHaveLength(length);
  expect(groups.every((group) => group === hours(1))).toBe(true);
});

test('groupEdges() copes with clocks that change by half an hour', () => {
  const groups = hoursOfDay('2026-04-05', 'Australia/Lord_Howe');
  expect(groups.reduce((sum, group) => sum + group, 0)).toBe(hours(24) + minutes(30));
});

test('groupEdges() cuts the first and the last group where the span begins and ends', () => {
  const span = { from: at('2026-06-01T10:30Z'), to: at('2026-06-03T01:15Z') };
  expect(groupEdges(span, 'day', 'UTC', 10)).toEqual(
    ['2026-06-01T10:30Z', '2026-06-02T00:00Z', '2026-06-03T00:00Z', '2026-06-03T01:15Z'].map(at),
  );
  expect(groupEdges(span, 'total', 'UTC', 1)).toEqual([span.from, span.to]);
});

test('groupEdges() has a bound', () => {
  expect(() => groupEdges({ from: 0, to: 0 + days(2) }, '15min', 'UTC', 100)).toThrow(RangeError);
});

test('groupEdges() makes the same of any zone: ascending edges on quarters that keep the ends', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe');
  const grouping = fc.constantFrom('15min', 'hour', 'day', 'total');
  fc.assert(
    fc.property(
      fc.integer({ min: at('1990-01-01'), max: at('2090-01-01') }),
      fc.integer({ min: 1, max: days(9) }),
      zones,
      grouping,
      (from, length, timeZone, by) => {
        const span = widened({ from, to: from + length });
        const edges = groupEdges(span, by, timeZone, 1_000);
        expect(edges[0]).toBe(span.from);
        expect(edges.at(-1)).toBe(span.to);
        expect(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? 0))).toBe(true);
        expect(edges.every((edge) => edge % INTERVAL === 0)).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test('dayBegan() begins a day behind the gap where midnight is skipped', () => {
  expect(dayBegan(at('2026-09-06T15:00Z'), 'America/Santiago')).toBe(at('2026-09-06T04:00Z'));
});

test('knownTimeZone() falls back to UTC', () => {
  expect(knownTimeZone('Europe/Berlin')).toBe('Europe/Berlin');
  expect(knownTimeZone('Nowhere/At_All')).toBe('UTC');
});
