import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBatches } from './plan-batches.ts';

const LIMITS = { piece: 100, bytes: 150, messages: 3 };
const sizesOf = (sizes: readonly number[]): number[][] =>
  planBatches(
    sizes.map((size, uid) => ({ uid, size })),
    LIMITS,
  ).map((batch) => batch.map(({ size }) => size));

test.for<[readonly number[], number[][]]>([
  [[], []],
  [
    [1, 1, 1, 1],
    [[1, 1, 1], [1]],
  ],
  [
    [100, 50, 1],
    [[100, 50], [1]],
  ],
  [
    [100, 51],
    [[100], [51]],
  ],
  [
    [1, 101, 1],
    [[1], [101], [1]],
  ],
  [
    [101, 1_000],
    [[101], [1_000]],
  ],
])('planBatches() cuts %j into %j', ([sizes, batches]) => {
  expect(sizesOf(sizes)).toEqual(batches);
});

test('planBatches() keeps every message in its order and every bound', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200)), (sizes) => {
      const batches = sizesOf(sizes);
      expect(batches.flat()).toEqual(sizes);
      for (const batch of batches) {
        const total = batch.reduce((sum, size) => sum + size, 0);
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(LIMITS.messages);
        expect(batch.length === 1 || total <= LIMITS.bytes).toBe(true);
      }
    }),
  );
});
