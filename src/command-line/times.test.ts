import { expect, test } from 'vitest';
import { readTime } from './times.ts';

test.each([
  ['2026-01-31', Date.UTC(2026, 0, 31)],
  ['2026-01-31T12:00Z', Date.UTC(2026, 0, 31, 12)],
  ['2026-01-31T12:00:05.5+02:00', Date.UTC(2026, 0, 31, 10, 0, 5, 500)],
  ['2026-01-31 12:00', new Date(2026, 0, 31, 12).getTime()],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
])('readTime() reads %j', (text, at) => {
  expect(readTime(text, '--from')).toBe(at);
});

test.each(['1', '', '2026', '2026-02-30', '2026-13-01', '2026-01-31T25:00Z', '31 Jan 2026', 'now'])(
  'readTime() takes %j for no time, and says what one looks like',
  (text) => {
    expect(() => readTime(text, '--from')).toThrow(
      `Cannot read --from "${text}": write a time as 2026-01-31T12:00Z, or a date as 2026-01-31`,
    );
  },
);
