import { expect, test } from 'vitest';
import { causeOf, isOurHost } from './request-origin.ts';

test.each([
  ['localhost:8123', true],
  ['127.0.0.1:8123', true],
  ['[::1]:8123', true],
  ['192.0.2.7', true],
  ['centre.example', true],
  ['CENTRE.example:443', true],
  ['evil.example:8123', false],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['evil.example@localhost', false],
  ['', false],
  [undefined, false],
])('isOurHost() of %s is %s', (host, ours) => {
  expect(isOurHost(host, new Set(['centre.example']))).toBe(ours);
});

const plain = { host: 'localhost:8123', secure: false };

test.each([
  ['our page', { origin: 'http://localhost:8123' }, 'our-page'],
  ['our page behind an undeclared proxy', { origin: 'https://localhost:8123' }, 'our-page'],
  ['our page, as the browser says', { fetchSite: 'same-origin' }, 'our-page'],
  ['another port of this host', { origin: 'http://localhost:9' }, 'foreign-page'],
  ['another port, without an origin', { fetchSite: 'same-site' }, 'foreign-page'],
  ['a page elsewhere', { origin: 'https://evil.example' }, 'foreign-page'],
  ['a sandboxed page', { origin: 'null' }, 'foreign-page'],
  ['a forged origin', { origin: 'http://localhost:8123', fetchSite: 'cross-site' }, 'foreign-page'],
  ['an address typed in', { fetchSite: 'none' }, 'unsaid'],
  ['a program', {}, 'unsaid'],
])('causeOf() tells %s', (_who, said, cause) => {
  expect(causeOf({ ...plain, origin: undefined, fetchSite: undefined, ...said })).toBe(cause);
});

test('causeOf() takes a plain page for a foreign one of a secure server', () => {
  const request = { ...plain, secure: true, fetchSite: undefined };
  expect(causeOf({ ...request, origin: 'http://localhost:8123' })).toBe('foreign-page');
  expect(causeOf({ ...request, origin: 'https://localhost:8123' })).toBe('our-page');
});
