import { expect, test } from 'vitest';
import { frameHeaders } from './frame-headers.ts';

const ancestors = (...origins: string[]): string | undefined =>
  /frame-ancestors [^;]*/.exec(frameHeaders(origins)['content-security-policy'] ?? '')?.[0];

test.each([
  [[], undefined],
  [['https://shop.example'], 'frame-ancestors https://shop.example'],
  [
    ['https://shop.example/path?q', 'http://localhost:3000'],
    'frame-ancestors https://shop.example http://localhost:3000',
  ],
  [["https://a.example; script-src 'unsafe-inline'"], "frame-ancestors 'none'"],
  [['javascript:alert(1)'], "frame-ancestors 'none'"],
])('frameHeaders() for %j', (origins, expected) => {
  expect(ancestors(...origins)).toBe(expected);
});

test('frameHeaders() allow neither inline scripts nor foreign ones', () => {
  const policy = frameHeaders([])['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});
