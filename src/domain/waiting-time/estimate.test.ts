import { describe, expect, test } from 'vitest';
import { byHeadOfLine, byQueueLength, estimateWait, type Estimator } from './estimate.ts';
import { MOST_INTERVALS, paceAfter, type Pace } from './pace.ts';

const MINUTE = 60_000;

/** The pace of a line from which somebody who waited is answered every minute. */
const steady = (answers: number): Pace | undefined => {
  let pace: Pace | undefined;
  for (let n = 1; n <= answers; n++) pace = paceAfter(pace, { at: n * MINUTE, queuedAt: 0 });
  return pace;
};

const line = { at: 100 * MINUTE, waited: 0, headWaited: undefined };

describe('paceAfter()', () => {
  test('counts the intervals through which somebody waited', () => {
    expect(steady(4)).toEqual({
      answeredAt: 4 * MINUTE,
      lastWait: 4 * MINUTE,
      intervals: 3,
      mean: MINUTE,
      square: MINUTE ** 2,
    });
  });

  test('does not take it for slowness that nobody came', () => {
    const pace = paceAfter(steady(4), { at: 30 * MINUTE, queuedAt: 29 * MINUTE });
    expect(pace).toMatchObject({ intervals: 3, mean: MINUTE, lastWait: MINUTE });
  });

  test('forgets what was long ago, and what a clock that was set back has muddled', () => {
    expect(paceAfter(steady(4), { at: 200 * MINUTE, queuedAt: 0 })).toMatchObject({ intervals: 0 });
    expect(paceAfter(steady(4), { at: MINUTE, queuedAt: 0 })).toMatchObject({ intervals: 0 });
  });

  test('follows a line that moves twice as fast', () => {
    let pace = steady(200);
    for (let n = 1; n <= 6 * MOST_INTERVALS; n++) {
      pace = paceAfter(pace, { at: 200 * MINUTE + (n * MINUTE) / 2, queuedAt: 0 });
    }
    expect(pace?.mean).toBeCloseTo(MINUTE / 2, -3);
  });
});

describe('an estimate', () => {
  test.each<[string, Estimator]>([
    ['byQueueLength', byQueueLength],
    ['byHeadOfLine', byHeadOfLine],
    ['estimateWait', estimateWait],
  ])('%s is nothing where nothing is known', (_, estimator) => {
    expect(estimator({ ...line, pace: undefined, ahead: 0 })).toBeUndefined();
    expect(estimator({ ...line, at: MINUTE, pace: steady(1), ahead: 0 })).toBeUndefined();
    expect(estimator({ ...line, pace: undefined, ahead: 9, headWaited: MINUTE })).toBeUndefined();
  });

  test.each<[string, Estimator]>([
    ['byQueueLength', byQueueLength],
    ['byHeadOfLine', byHeadOfLine],
  ])('%s is nothing where agents have gone, or nobody was answered for an hour', (_, estimator) => {
    const now = { ...line, pace: steady(100), ahead: 9, headWaited: 5 * MINUTE };
    expect(estimator(now)).toBeDefined();
    const gone = { ...now, at: 112 * MINUTE, headWaited: 15 * MINUTE };
    expect(estimator(gone)).toBeUndefined();
    expect(estimator({ ...now, at: 161 * MINUTE })).toBeUndefined();
    expect(estimator({ ...now, at: 99 * MINUTE })).toBeUndefined();
  });

  test('by the length of the queue is about the mean for each place', () => {
    for (const ahead of [0, 4, 19]) {
      const estimate = byQueueLength({ ...line, pace: steady(100), ahead });
      const wait = (ahead + 1) * MINUTE;
      expect(estimate?.least).toBeGreaterThan(wait / 3);
      expect(estimate?.least).toBeLessThan(wait);
      expect(estimate?.most).toBeGreaterThan(wait);
      expect(estimate?.most).toBeLessThan(wait * 3);
    }
  });

  test('by the head of the line is what the first has waited, less what one has waited oneself', () => {
    const estimate = byHeadOfLine({ ...line, pace: steady(100), ahead: 50, headWaited: MINUTE });
    expect(estimate?.least).toBeGreaterThan(0.7 * MINUTE);
    expect(estimate?.most).toBeLessThan(1.35 * MINUTE);
    const later = { ...line, pace: steady(100), ahead: 50, waited: MINUTE, headWaited: MINUTE };
    expect(byHeadOfLine(later)).toBeUndefined();
  });

  test('of more than a day is none', () => {
    expect(byQueueLength({ ...line, pace: steady(100), ahead: 2_000 })).toBeUndefined();
  });

  test('never ends before it begins', () => {
    for (let ahead = 1; ahead < 2_000; ahead = ahead * 2 + 1) {
      for (const estimator of [byQueueLength, byHeadOfLine]) {
        const now = { at: 7 * MINUTE, pace: steady(7), ahead, waited: 0, headWaited: ahead };
        const { least = 0, most = 0 } = estimator(now) ?? {};
        expect(least).toBeGreaterThanOrEqual(0);
        expect(most).toBeGreaterThanOrEqual(least);
      }
    }
  });
});
