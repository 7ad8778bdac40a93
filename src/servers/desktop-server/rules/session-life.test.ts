import { expect, test } from 'vitest';
import { endOf, noteUseEvery } from './session-life.ts';

const LIMITS = { idle: 3_600_000, longest: 86_400_000 };

test('endOf() is an idle time after the last use, and never later than the longest', () => {
  expect(endOf({ openedAt: 0, usedAt: 0 }, LIMITS)).toBe(3_600_000);
  expect(endOf({ openedAt: 0, usedAt: 5_000_000 }, LIMITS)).toBe(8_600_000);
  expect(endOf({ openedAt: 0, usedAt: 86_000_000 }, LIMITS)).toBe(86_400_000);
});

test('noteUseEvery() writes at most once a minute, and often enough for short sessions', () => {
  expect(noteUseEvery(LIMITS)).toBe(60_000);
  expect(noteUseEvery({ idle: 60_000, longest: 60_000 })).toBe(15_000);
});
