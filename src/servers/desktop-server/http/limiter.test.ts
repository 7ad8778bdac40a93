import { expect, test } from 'vitest';
import { ManualClock } from '#base/time.ts';
import { Limiter, sourceOf } from './limiter.ts';

test('Limiter keeps sources apart and forgives', () => {
  const clock = new ManualClock();
  const limiter = new Limiter({ burst: 1, every: 1_000 }, clock);
  expect([limiter.draw('a'), limiter.draw('a'), limiter.draw('b')]).toEqual([0, 1_000, 0]);
  clock.advance(1_000);
  expect(limiter.draw('a')).toBe(0);
  limiter.forgive('a');
  expect(limiter.draw('a')).toBe(0);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('sourceOf() %s is %s', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});
