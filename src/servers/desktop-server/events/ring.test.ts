import { expect, test } from 'vitest';
import { Ring } from './ring.ts';

const positions = (ring: Ring<{ position: number }>, since: number): number[] =>
  [...ring.since(since)].map(({ position }) => position);

test('Ring keeps the last entries and knows what it no longer has', () => {
  const ring = new Ring<{ position: number }>(3);
  ring.reset(10);
  expect([ring.covers(9), ring.covers(10), ring.covers(11)]).toEqual([false, true, false]);
  for (let position = 11; position <= 20; position++) ring.push({ position });
  expect([16, 17, 20, 21].map((position) => ring.covers(position))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(positions(ring, 0)).toEqual([18, 19, 20]);
  expect(positions(ring, 18)).toEqual([19, 20]);
  expect(positions(ring, 20)).toEqual([]);
});

test('Ring stays within its capacity however long it runs', () => {
  const ring = new Ring<{ position: number }>(5);
  for (let position = 1; position <= 1_000; position++) {
    ring.push({ position });
    expect(positions(ring, 0)).toHaveLength(Math.min(5, position));
  }
});
