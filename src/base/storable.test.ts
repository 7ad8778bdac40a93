import { expect, test } from 'vitest';
import { findUnstorable } from './storable.ts';

test.each([
  [{ name: 'Zoë 🙂', list: [1, null, true, 'x'] }, undefined],
  ['a\0b', ''],
  [{ fields: [{ value: 'a' }, { value: 'half \ud83d' }] }, 'fields.1.value'],
  [{ a: { 'b\0': 1 } }, 'a'],
])('findUnstorable(%j) is %j', (value, path) => {
  expect(findUnstorable(value)).toBe(path);
});
