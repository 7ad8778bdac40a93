import { expect, test } from 'vitest';
import { LEASE, type Publication } from '../contract.ts';
import { MOST_APPLICATIONS, Register } from './register.ts';
import { rollUp } from './roll-up.ts';

const director: Publication = {
  component: 'media-director',
  instance: 'one',
  version: '1.0.0',
  addresses: [{ row: 'media-director', url: 'ws://127.0.0.1:41001' }],
  parts: [{ part: 'journal', state: 'good' }],
};
const at = (monotonic: number, now = 1_000_000 + monotonic) => ({ now, monotonic });

test('Register tells of an application when it comes and when it changes, not when it renews', () => {
  const register = new Register();
  expect(register.publish(director, at(0))).toMatchObject({ state: 'good', since: 1_000_000 });
  expect(register.publish(director, at(5_000))).toBeUndefined();
  const worse = { ...director, parts: [{ part: 'journal', state: 'bad' as const }] };
  expect(register.publish(worse, at(6_000))).toMatchObject({ state: 'bad', since: 1_000_000 });
});

test('P01: a lease that is not renewed ends once, by the clock that cannot jump', () => {
  const register = new Register();
  register.publish(director, at(0));
  expect(register.expire(at(LEASE, 9e12))).toEqual([]);
  expect(register.expire(at(LEASE + 1))).toMatchObject([{ instance: 'one', state: 'gone' }]);
  expect(register.expire(at(LEASE + 2))).toEqual([]);
  expect(register.find('media-director')).toEqual([]);
  expect(register.publish(director, at(LEASE + 3))).toMatchObject({ state: 'good' });
});

test('Register finds the newest copy first and forgets those long gone', () => {
  const register = new Register();
  register.publish(director, at(0));
  const url = 'ws://127.0.0.1:41002';
  const second = { ...director, instance: 'two', addresses: [{ row: 'media-director', url }] };
  register.publish(second, at(10));
  expect(register.find('media-director').map((address) => address.url)).toEqual([
    url,
    'ws://127.0.0.1:41001',
  ]);
  register.withdraw('two');
  register.expire(at(LEASE + 600_001));
  expect(register.all()).toEqual([]);
});

test('Register has a bound', () => {
  const register = new Register();
  for (let i = 0; i < MOST_APPLICATIONS; i++) {
    register.publish({ ...director, instance: `${i}` }, at(0));
  }
  expect(register.publish({ ...director, instance: 'more' }, at(0))).toBe('full');
  expect(register.publish({ ...director, instance: '0' }, at(0))).toBeUndefined();
});

test('rollUp() says the worst and why; a lost copy with a successor is no problem', () => {
  const register = new Register();
  register.publish(director, at(0));
  register.publish({ ...director, component: 'ids-view', instance: 'view' }, at(0));
  register.expire(at(LEASE + 1));
  register.publish(
    {
      ...director,
      instance: 'successor',
      parts: [{ part: 'journal', state: 'degraded', detail: 'The database is slow' }],
    },
    at(LEASE + 1),
  );
  expect(rollUp(register.all())).toEqual({
    state: 'bad',
    problems: [
      'ids-view: no sign of life since 1970-01-01T00:16:40.000Z; see whether it runs',
      'media-director: The database is slow',
    ],
  });
  expect(rollUp([])).toEqual({ state: 'good', problems: [] });
});
