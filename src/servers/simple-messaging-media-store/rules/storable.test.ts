import { expect, test } from 'vitest';
import { storable } from './storable.ts';

test.each([
  ['Grüße 😀', 'Grüße 😀'],
  ['a\0b', 'ab'],
  ['half \ud83d', 'half \ufffd'],
])('storable() makes %j into %j', (given, expected) => {
  expect(storable(given)).toBe(expected);
});
