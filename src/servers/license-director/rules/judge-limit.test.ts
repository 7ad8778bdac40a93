import { expect, test } from 'vitest';
import { days } from '#base/time.ts';
import { type LimitFacts, judgeLimit, nextGrace } from './judge-limit.ts';

const NOW = Date.UTC(2026, 5, 1);
const facts: LimitFacts = {
  limit: 10,
  used: 5,
  expires: undefined,
  graceSince: undefined,
  grace: days(14),
  now: NOW,
};

test.each<[string, Partial<LimitFacts>, ReturnType<typeof judgeLimit>]>([
  ['no limit', { limit: undefined, used: 1e6, expires: NOW - 1 }, { state: 'free' }],
  ['room', {}, { state: 'good' }],
  ['nine tenths', { used: 9 }, { state: 'good' }],
  ['more than nine tenths', { used: 10 }, { state: 'warning' }],
  ['a file that ends soon', { expires: NOW + days(29) }, { state: 'warning' }],
  ['one too many', { used: 11 }, { state: 'grace', graceEnds: NOW + days(14) }],
  [
    'a grace that goes on',
    { used: 11, graceSince: NOW - days(13) },
    { state: 'grace', graceEnds: NOW + days(1) },
  ],
  [
    'a grace that is over',
    { used: 11, graceSince: NOW - days(14) },
    { state: 'full', graceEnds: NOW },
  ],
  ['a grace of nothing', { used: 11, grace: 0 }, { state: 'full', graceEnds: NOW }],
  ['within the limit again', { graceSince: NOW - days(20) }, { state: 'good' }],
  [
    'an expired file',
    { used: 1, expires: NOW - days(1) },
    { state: 'grace', graceEnds: NOW + days(13) },
  ],
  [
    'a file expired long ago',
    { used: 1, expires: NOW - days(20) },
    { state: 'full', graceEnds: NOW - days(6) },
  ],
])('judgeLimit() on %s', (_what, more, expected) => {
  expect(judgeLimit({ ...facts, ...more })).toEqual(expected);
});

test('nextGrace() begins when the limit is passed and is given back after as long within it', () => {
  const over = { isOver: true, grace: days(14), now: NOW };
  const begun = nextGrace(undefined, over);
  expect(begun).toEqual({ since: NOW, lastOver: NOW });
  const later = { ...over, now: NOW + days(3) };
  expect(nextGrace(begun, later)).toEqual({ since: NOW, lastOver: NOW + days(3) });
  const within = { ...over, isOver: false };
  expect(nextGrace(begun, { ...within, now: NOW + days(14) })).toEqual(begun);
  expect(nextGrace(begun, { ...within, now: NOW + days(14) + 1 })).toBeUndefined();
  expect(nextGrace(undefined, within)).toBeUndefined();
});
