import { expect, test } from 'vitest';
import { draw, fullBucket } from './token-bucket.ts';

const RATE = { burst: 2, every: 100 };

test('draw() lets a burst through, then one at a time', () => {
  let bucket = fullBucket(RATE, 0);
  const waits = [0, 0, 0, 50, 100, 150, 400, 400, 400].map((now) => {
    const drawn = draw(bucket, RATE, now);
    bucket = drawn.bucket;
    return drawn.wait;
  });
  expect(waits).toEqual([0, 0, 100, 50, 0, 50, 0, 0, 100]);
});

test('draw() gives nothing for a clock that goes back', () => {
  const { bucket } = draw({ left: 0, at: 1_000 }, RATE, 900);
  expect(bucket.left).toBe(0);
});
