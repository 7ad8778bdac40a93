import { expect, test } from 'vitest';
import { days, hours, minutes, seconds } from '#base/time.ts';
import { afterTry, restAfter } from './webhook-retry.ts';

const GIVE_UP = days(3);
const answered = (status: number, retryAfter?: number) =>
  ({ type: 'answered', status, ...(retryAfter !== undefined && { retryAfter }) }) as const;

test.each([
  [answered(200), 'delivered'],
  [answered(204), 'delivered'],
  [answered(301), 'again'],
  [answered(400), 'again'],
  [answered(410), 'gone'],
  [answered(500), 'again'],
  [{ type: 'failed', reason: 'no answer' } as const, 'again'],
])('afterTry() of %j is %s', (outcome, type) => {
  expect(afterTry(outcome, { tries: 1, queuedAt: 0 }, GIVE_UP, 0, 0.5).type).toBe(type);
});

test('afterTry() waits longer each time and gives up after three days', () => {
  const pauses: number[] = [];
  let now = 0;
  for (let tries = 1; ; tries++) {
    const after = afterTry(answered(500), { tries, queuedAt: 0 }, GIVE_UP, now, 0.5);
    if (after.type !== 'again') break;
    pauses.push(after.at - now);
    now = after.at;
  }
  expect(pauses.slice(0, 8)).toEqual([
    seconds(5),
    seconds(30),
    minutes(2),
    minutes(10),
    minutes(30),
    hours(1),
    hours(3),
    hours(3),
  ]);
  expect(now).toBeGreaterThan(days(2.8));
});

test('afterTry() is patient when asked to be, within reason', () => {
  const at = (retryAfter: number) =>
    afterTry(answered(429, retryAfter), { tries: 1, queuedAt: 0 }, GIVE_UP, 0, 0.5);
  expect(at(minutes(7))).toEqual({ type: 'again', at: minutes(7) });
  expect(at(days(2))).toEqual({ type: 'again', at: hours(3) });
});

test('restAfter() grows to a minute', () => {
  expect([0, 1, 2, 3, 10].map(restAfter)).toEqual([0, 1_000, 2_000, 4_000, 60_000]);
});
