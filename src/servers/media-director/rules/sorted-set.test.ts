import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedSet } from './sorted-set.ts';

const byValue = (a: number, b: number) => a - b;

test('SortedSet keeps what a sorted list of distinct values keeps', () => {
  const change = fc.record({ add: fc.boolean(), value: fc.integer({ min: 0, max: 900 }) });
  const property = fc.property(fc.array(change, { maxLength: 3_000, size: 'max' }), (changes) => {
    const set = new SortedSet(byValue);
    const plain = new Set<number>();
    for (const { add, value } of changes) {
      const did = add ? set.add(value) : set.delete(value);
      expect(did).toBe(add ? undefined : plain.delete(value));
      if (add) plain.add(value);
    }
    expect([...set]).toEqual([...plain].toSorted(byValue));
    expect(set.size).toBe(plain.size);
    const sorted = [...plain].toSorted(byValue);
    expect(sorted.map((value) => set.rank(value))).toEqual(sorted.map((_, rank) => rank));
    expect(set.first).toBe(plain.size > 0 ? Math.min(...plain) : undefined);
  });
  fc.assert(property, { numRuns: 30 });
});

test('SortedSet keeps its order through many chunks', () => {
  const set = new SortedSet(byValue);
  for (let n = 0; n < 20_000; n++) set.add((n * 7_919) % 20_000);
  expect([...set]).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
  for (let n = 0; n < 20_000; n += 2) set.delete(n);
  expect(set.first).toBe(1);
  expect(set.size).toBe(10_000);
  expect([set.rank(-1), set.rank(1_000), set.rank(1_001), set.rank(99_999)]).toEqual([
    0, 500, 500, 10_000,
  ]);
});
