import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, minutes } from '#base/time.ts';
import { Schedule } from '../configuration/documents.ts';
import { isOpen, nextOpening } from './schedule.ts';

const all = (spans: { from: string; to: string }[]) => Array.from({ length: 7 }, () => spans);
const schedule = (week: { from: string; to: string }[][], more: object = {}): Schedule =>
  Schedule.parse({ name: 'Hours', timeZone: 'Europe/Berlin', week, ...more });
const at = (text: string) => Date.parse(text);

const office = schedule(
  [...Array.from({ length: 5 }, () => [{ from: '09:00', to: '17:00' }]), [], []],
  {
    days: [
      { date: '2026-12-25', name: 'Christmas', spans: [] },
      { date: '2026-10-03', name: 'Open Saturday', spans: [{ from: '10:00', to: '12:00' }] },
    ],
  },
);

const timeOfDay = fc
  .integer({ min: 0, max: 1_439 })
  .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
const someSpan = fc.record({ from: timeOfDay, to: timeOfDay });
const someSchedule = fc.record({
  timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'),
  week: fc.array(fc.array(someSpan, { maxLength: 3 }), { minLength: 7, maxLength: 7 }),
});
const someMoment = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-01-01T00:00Z') });
const somePart = fc.double({ min: 0, max: 1, noNaN: true });

describe('isOpen()', () => {
  test.each([
    ['before the first hour', '2026-06-01T08:59:59.999+02:00', false],
    ['from the first millisecond', '2026-06-01T09:00:00.000+02:00', true],
    ['up to the last', '2026-06-01T16:59:59.999+02:00', true],
    ['not at the end', '2026-06-01T17:00:00.000+02:00', false],
    ['not on a Sunday', '2026-06-07T12:00:00+02:00', false],
    ['in winter time too', '2026-12-01T09:00:00+01:00', true],
    ['not on a holiday', '2026-12-25T12:00:00+01:00', false],
    ['on a day that is open for once', '2026-10-03T11:00:00+02:00', true],
    ['but only then', '2026-10-03T13:00:00+02:00', false],
  ])('is right %s', (_, when, open) => {
    expect(isOpen(office, at(when))).toBe(open);
  });

  test('takes 00:00 to 24:00 as the whole day, and 24:00 as the end of it', () => {
    const always = schedule(all([{ from: '00:00', to: '24:00' }]));
    expect(isOpen(always, at('2026-06-01T23:59:59.999+02:00'))).toBe(true);
    expect(isOpen(always, at('2026-06-01T00:00:00+02:00'))).toBe(true);
    const mondays = schedule([[{ from: '18:00', to: '24:00' }], [], [], [], [], [], []]);
    expect(isOpen(mondays, at('2026-06-01T23:59:59.999+02:00'))).toBe(true);
    expect(isOpen(mondays, at('2026-06-02T00:00:00+02:00'))).toBe(false);
  });

  test('opens at the skip where the opening time is skipped (2026-03-29, 02:00 → 03:00)', () => {
    const early = schedule(all([{ from: '02:30', to: '04:00' }]));
    expect(isOpen(early, at('2026-03-29T01:59:59.999+01:00'))).toBe(false);
    expect(isOpen(early, at('2026-03-29T03:00:00+02:00'))).toBe(true);
    expect(isOpen(early, at('2026-03-29T04:00:00+02:00'))).toBe(false);
  });

  test('knows no hour that is skipped as a whole', () => {
    const gone = schedule(all([{ from: '02:10', to: '02:50' }]));
    const day = at('2026-03-29T00:00:00+01:00');
    for (let m = 0; m < 23 * 60; m++) expect(isOpen(gone, day + minutes(m))).toBe(false);
  });

  test('stays open through an hour that comes twice (2026-10-25, 03:00 → 02:00)', () => {
    const late = schedule(all([{ from: '01:00', to: '02:30' }]));
    expect(isOpen(late, at('2026-10-25T02:29:00+02:00'))).toBe(true);
    expect(isOpen(late, at('2026-10-25T02:45:00+02:00'))).toBe(true);
    expect(isOpen(late, at('2026-10-25T02:29:00+01:00'))).toBe(true);
    expect(isOpen(late, at('2026-10-25T02:30:00+01:00'))).toBe(false);
  });

  test.each([
    ['2026-03-29T00:00:00+01:00', 23],
    ['2026-06-01T00:00:00+02:00', 24],
    ['2026-10-25T00:00:00+02:00', 25],
  ])('counts the hours of the day that begins at %s: %i', (midnight, length) => {
    const always = schedule(all([{ from: '00:00', to: '24:00' }]), {
      days: [
        {
          date: new Date(at(midnight) + hours(26)).toISOString().slice(0, 10),
          name: 'Closed',
          spans: [],
        },
      ],
    });
    let open = 0;
    while (isOpen(always, at(midnight) + minutes(open))) open++;
    expect(open).toBe(length * 60);
  });

  test('refuses a time zone that does not exist', () => {
    expect(() => isOpen({ ...office, timeZone: 'Europe/Atlantis' }, 0)).toThrow(RangeError);
  });
});

describe('nextOpening()', () => {
  test.each([
    ['now, where it is open', '2026-06-01T10:00:00+02:00', '2026-06-01T10:00:00+02:00'],
    ['this morning', '2026-06-01T03:00:00+02:00', '2026-06-01T09:00:00+02:00'],
    ['tomorrow', '2026-06-01T17:00:00+02:00', '2026-06-02T09:00:00+02:00'],
    ['after the week-end', '2026-06-05T17:00:00+02:00', '2026-06-08T09:00:00+02:00'],
    ['after a holiday and the week-end', '2026-12-24T18:00:00+01:00', '2026-12-28T09:00:00+01:00'],
    ['on a day that is open for once', '2026-10-02T20:00:00+02:00', '2026-10-03T10:00:00+02:00'],
  ])('is %s', (_, from, to) => {
    expect(nextOpening(office, at(from))).toBe(at(to));
  });

  test('is nothing where it never opens', () => {
    expect(nextOpening(schedule(all([])), at('2026-06-01T00:00:00Z'))).toBeUndefined();
  });

  test('passes over a span that the change of clocks swallows', () => {
    const gone = schedule(all([{ from: '02:10', to: '02:50' }]));
    expect(nextOpening(gone, at('2026-03-29T00:00:00+01:00'))).toBe(
      at('2026-03-30T02:10:00+02:00'),
    );
  });

  test('names the first open moment: closed before, open from then on', () => {
    const property = fc.property(someSchedule, someMoment, somePart, (hoursOf, now, part) => {
      const when = schedule(hoursOf.week, { timeZone: hoursOf.timeZone });
      const opening = nextOpening(when, now);
      if (opening === undefined) return true;
      const before = now + Math.floor((opening - now) * part);
      return isOpen(when, opening) && (before === opening || !isOpen(when, before));
    });
    expect(() => fc.assert(property)).not.toThrow();
  });
});
