/**
 * The signed file: a JWS in compact form (RFC 7515) with an Ed25519 signature (RFC 8037), one line
 *
 *     BASE64URL({"alg":"EdDSA"}) . BASE64URL({"issuedTo":…,"expires":…,"limits":{…}}) . BASE64URL(signature)
 */
import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { Instant } from '#domain/ids.ts';

/** What a file grants. */
export const License = z.object({
  issuedTo: z.string().min(1).max(200),
  /** Left out: for ever. */
  expires: Instant.optional(),
  /** `agents`, `agents.web-chat`, `components.media-director` … → how many at once. */
  limits: z.record(z.string().min(1).max(80), z.int().min(0)),
});
export type License = z.infer<typeof License>;

/** A whole file is a few hundred bytes; whatever is larger is not one. */
export const MOST_FILE_BYTES = 65_536;

const Header = z.object({ alg: z.literal('EdDSA') });

/** What a file says, or in one sentence why it does not count. */
export function readLicense(
  text: string,
  publicKey: string,
):
  | { readonly type: 'license'; readonly license: License }
  | { readonly type: 'unreadable'; readonly reason: string } {
  const unreadable = (reason: string) => ({ type: 'unreadable' as const, reason });
  if (publicKey === '') {
    return unreadable('The setting "license-director.public-key" is empty: set the issuer’s key');
  }
  const parts = text.trim().split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || !Header.safeParse(fromBase64Url(header)).success) {
    return unreadable('The file is not a JWS in compact form with "alg":"EdDSA"');
  }
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify(null, signed, key, Buffer.from(signature, 'base64url'))) {
    return unreadable('The signature is not that of the key in "license-director.public-key"');
  }
  const license = License.safeParse(fromBase64Url(payload));
  return license.success
    ? { type: 'license', license: license.data }
    : unreadable('The file is signed, but does not say "issuedTo" and "limits" as it should');
}

function fromBase64Url(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
