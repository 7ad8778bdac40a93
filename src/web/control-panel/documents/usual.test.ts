import { expect, test } from 'vitest';
import { isSet, usualOf } from './usual.ts';

test('usualOf() is what fields are when they are left out', () => {
  expect(usualOf('queue')).toMatchObject({ tier: 5, requirements: [], limits: {} });
  expect(usualOf('queue')).not.toHaveProperty('name');
});

test.each([
  [{}, 'tier', false],
  [{ tier: 5 }, 'tier', false],
  [{ tier: 4 }, 'tier', true],
  [{ requirements: [] }, 'requirements', false],
  [{ limits: { waiting: 0 } }, 'limits.waiting', true],
  [{ overflow: 'sales' }, 'overflow', true],
])('isSet() of %j at %s', (body, path, expected) => {
  expect(isSet(body, usualOf('queue'), path)).toBe(expected);
});
