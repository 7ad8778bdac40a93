import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLicense } from './read-license.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = publicKey.export({ format: 'jwk' }).x ?? '';
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function issue(payload: unknown, header: unknown = { alg: 'EdDSA' }): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}\n`;
}
const license = { issuedTo: 'Company 1', expires: 1_800_000_000_000, limits: { agents: 50 } };

test('readLicense() reads what the key has signed', () => {
  expect(readLicense(issue(license), key)).toEqual({ type: 'license', license });
});

test.each([
  ['no key', issue(license), '', 'public-key'],
  ['another key', issue(license), 'A'.repeat(43), 'signature'],
  ['another algorithm', issue(license, { alg: 'none' }), key, 'JWS'],
  ['no limits', issue({ issuedTo: 'Company 1' }), key, 'limits'],
  ['no JWS', 'hello', key, 'JWS'],
  ['an empty file', '', key, 'JWS'],
])('readLicense() says why a file with %s does not count', (_what, text, publicKey, word) => {
  expect(readLicense(text, publicKey)).toMatchObject({
    type: 'unreadable',
    reason: expect.stringContaining(word),
  });
});

test('readLicense() takes no file in which anything was changed', () => {
  const text = issue(license).trim();
  fc.assert(
    fc.property(
      fc.nat({ max: text.length - 1 }),
      fc.constantFrom('A', 'z', '0', '-', '_'),
      (at, letter) => {
        fc.pre(text[at] !== letter && text[at] !== '.');
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        const decoded = (part: string) => Buffer.from(part, 'base64url').toString('hex');
        // The last letter of base64url carries bits that mean nothing.
        fc.pre(
          changed.split('.').some((part, i) => decoded(part) !== decoded(text.split('.')[i] ?? '')),
        );
        expect(readLicense(changed, key).type).toBe('unreadable');
      },
    ),
  );
});
