import { expect, test } from 'vitest';
import { readSession, sessionCookie } from './cookie.ts';

const plain = { secure: false, host: '127.0.0.1:9000' };
const secure = { secure: true, host: 'centre.example' };

test('sessionCookie() is for this very host and port, and out of reach of scripts', () => {
  expect(sessionCookie(plain, 'abc', 60_000)).toBe(
    'emcee-session-9000=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict',
  );
  expect(sessionCookie(secure, 'abc', 60_000)).toBe(
    '__Host-emcee-session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
  );
  expect(sessionCookie(plain, undefined, 60_000)).toMatch(/^emcee-session-9000=; .*Max-Age=0;/);
});

test('readSession() finds its own cookie only', () => {
  const header = 'emcee-session-9001=other; emcee-session-9000=mine; __Host-emcee-session=tls';
  expect(readSession(plain, header)).toBe('mine');
  expect(readSession(secure, header)).toBe('tls');
  expect(readSession({ secure: false, host: 'localhost' }, header)).toBeUndefined();
  expect(readSession(plain, undefined)).toBeUndefined();
});
