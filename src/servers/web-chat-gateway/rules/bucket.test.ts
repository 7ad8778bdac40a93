import { expect, test } from 'vitest';
import { minutes, seconds } from '#base/time.ts';
import { fullBucket, isFull, rateOf, take } from './bucket.ts';

const rate = rateOf(60);

test('take() lets a burst through, then one per second, and says how long to wait', () => {
  const bucket = fullBucket(rate, 0);
  const waits = Array.from({ length: 13 }, () => take(bucket, rate, 0));
  expect(waits).toEqual([...Array.from({ length: 12 }, () => 0), seconds(1)]);
  expect(take(bucket, rate, seconds(1))).toBe(0);
  expect(take(bucket, rate, seconds(1))).toBe(seconds(1));
});

test('take() never saves up more than the burst, and minds no clock that goes back', () => {
  const bucket = fullBucket(rate, minutes(60));
  const taken = Array.from({ length: 20 }, () => take(bucket, rate, minutes(59)));
  expect(taken.filter((wait) => wait === 0)).toHaveLength(12);
});

test('isFull() is true again once all is refilled', () => {
  const bucket = fullBucket(rate, 0);
  take(bucket, rate, 0);
  expect([isFull(bucket, rate, 999), isFull(bucket, rate, 1_000)]).toEqual([false, true]);
});
