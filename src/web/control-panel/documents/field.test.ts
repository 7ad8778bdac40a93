import { expect, test } from 'vitest';
import { valueAt, withValueAt } from './field.ts';

test('valueAt() reads a property within another, or nothing', () => {
  expect(valueAt({ a: { b: 1 } }, 'a.b')).toBe(1);
  expect(valueAt({}, 'a.b')).toBeUndefined();
});

test('withValueAt() changes one property and keeps its neighbours', () => {
  expect(withValueAt({ a: { b: 1, c: 2 }, d: 3 }, 'a.b', 5)).toEqual({ a: { b: 5, c: 2 }, d: 3 });
  expect(withValueAt({}, 'a.b', 5)).toEqual({ a: { b: 5 } });
  expect(withValueAt({ a: 1, d: 3 }, 'a', undefined)).toEqual({ d: 3 });
});
