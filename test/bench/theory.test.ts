import { expect, test } from 'vitest';
import { estimateMean } from '../../bench/parts/theory/estimate.ts';
import { studentQuantile } from '../../bench/parts/theory/student.ts';

// Student's table as every textbook prints it, both tails.
test.each([
  [0.95, 3, 3.182],
  [0.95, 10, 2.228],
  [0.99, 30, 2.75],
  [0.999, 60, 3.46],
  [0.999, 120, 3.373],
])('studentQuantile() of %f with %i degrees of freedom is %f', (confidence, freedom, quantile) => {
  expect(studentQuantile(confidence, freedom)).toBeCloseTo(quantile, 3);
});

test('estimateMean() without controls is the mean and its standard error', () => {
  const batches = [2, 4, 4, 6].map((value) => ({ value, misses: [] }));
  const { value, standardError, freedom } = estimateMean(batches);
  expect({ value, freedom }).toEqual({ value: 4, freedom: 3 });
  expect(standardError).toBeCloseTo(Math.sqrt(8 / 3 / 4), 12);
});

test('estimateMean() takes out what the controls explain, and knows the height at no miss', () => {
  const noise = [0.1, -0.1, -0.1, 0.1, 0.1, -0.1, -0.1, 0.1];
  const batches = noise.map((each, n) => {
    const misses = [n - 2, (n % 3) - 1];
    return { value: 7 + 3 * misses[0]! - 5 * misses[1]! + each, misses };
  });
  const { value, standardError, freedom } = estimateMean(batches);
  expect(freedom).toBe(5);
  expect(Math.abs(value - 7)).toBeLessThan(3 * standardError);
  expect(standardError).toBeLessThan(0.1);
});
