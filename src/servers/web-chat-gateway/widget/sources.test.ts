import { expect, test } from 'vitest';
import { ManualClock, minutes } from '#base/time.ts';
import { rateOf, take } from '../rules/bucket.ts';
import { Sources, sourceName } from './sources.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:1::5', '2001:db8:0:1::/64'],
  ['2001:db8:0:1:ffff:1:2:3', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1', 'fe80:0:0:0::/64'],
])('sourceName() of %s is %s', (address, expected) => {
  expect(sourceName(address)).toBe(expected);
});

test('Sources keeps one per address, and forgets it once it is idle', () => {
  const clock = new ManualClock();
  const rates = { connects: rateOf(10), openings: rateOf(10), messages: rateOf(10) };
  const sources = new Sources(clock, rates);
  const source = sources.of('192.0.2.1');
  expect(sources.of('192.0.2.1')).toBe(source);
  take(source.connects, rates.connects, clock.monotonic());
  sources.sweep();
  expect(sources.size).toBe(1);
  clock.advance(minutes(1));
  source.connections = 1;
  sources.sweep();
  expect(sources.size).toBe(1);
  source.connections = 0;
  sources.sweep();
  expect(sources.size).toBe(0);
});
