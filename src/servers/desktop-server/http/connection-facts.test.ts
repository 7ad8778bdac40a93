import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { factsOf, proxyList } from './connection-facts.ts';

const proxies = proxyList(['10.0.0.0/8', '2001:db8::1']);

function facts(remoteAddress: string, headers: Record<string, string>) {
  const request = { method: 'GET', headers, socket: { remoteAddress } };
  return factsOf(request as unknown as IncomingMessage, proxies);
}

test('factsOf() believes what a trusted proxy says of its client, and nobody else', () => {
  const said = { 'x-forwarded-for': '198.51.100.9, 10.0.0.7', 'x-forwarded-proto': 'https' };
  expect(facts('::ffff:10.0.0.3', said)).toMatchObject({ address: '198.51.100.9', secure: true });
  expect(facts('2001:db8::1', said)).toMatchObject({ address: '198.51.100.9', secure: true });
  expect(facts('203.0.113.5', said)).toMatchObject({ address: '203.0.113.5', secure: false });
});

test('factsOf() takes the last hop that is not a proxy: what is left of it anybody can write', () => {
  const said = (hops: string) => facts('10.0.0.3', { 'x-forwarded-for': hops }).address;
  expect(said('1.2.3.4, 198.51.100.9')).toBe('198.51.100.9');
  expect(said('198.51.100.9, nonsense')).toBe('10.0.0.3');
  expect(said('')).toBe('10.0.0.3');
});

test('factsOf() knows who came directly', () => {
  expect(facts('127.0.0.1', {}).direct).toBe(true);
  expect(facts('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }).direct).toBe(false);
});
