import { expect, test } from 'vitest';
import { idOf } from './id-of.ts';

test.each([
  ['Müller & Co', 'muller-co'],
  ['Straße 7', 'strasse-7'],
  ['  --Sales.EU--  ', 'sales.eu'],
  ['日本', ''],
  ['a'.repeat(80), 'a'.repeat(64)],
])('idOf(%j) is %j', (name, id) => {
  expect(idOf(name)).toBe(id);
});

test('idOf() keeps clear of what is taken', () => {
  const taken = new Set(['sales', 'sales-2']);
  expect(idOf('Sales', (id) => taken.has(id))).toBe('sales-3');
});
