import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { messageOf } from '#base/failure.ts';
import type { Instant } from '#base/time.ts';
import { roleOf } from './role.ts';

/** What a process shows of itself in TLS, and whom it believes. All in PEM. */
export interface Identity {
  /** With the certificates between it and the authority, if there are any. */
  readonly certificate: string;
  readonly key: string;
  /** The private authority; several while one replaces another. */
  readonly authority: string;
}

/** A certificate, key or authority cannot be used; the message says why. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** TLS 1.2 would let a listener see who calls; every peer of ours has 1.3. */
const VERSION = 'TLSv1.3';

/** For a server that asks its callers for a certificate of the private authority; `callerOf` then names the role. */
export function secureServerOptions(identity: Identity): TlsOptions {
  return {
    cert: identity.certificate,
    key: identity.key,
    ca: identity.authority,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: VERSION,
  };
}

/**
 * For a client that shows its own certificate and speaks only to a server whose certificate names
 * `expectedRole`. The name of the host is not looked at: a role moves, and the authority is our own.
 */
export function secureClientOptions(identity: Identity, expectedRole: string): ConnectionOptions {
  return {
    cert: identity.certificate,
    key: identity.key,
    ca: identity.authority,
    minVersion: VERSION,
    checkServerIdentity: (_host, certificate) => {
      const role = roleOf(certificate);
      if (role === expectedRole) return undefined;
      const has = role === undefined ? 'names no role' : `names the role "${role}"`;
      return new CertificateError(
        `Cannot trust the server as "${expectedRole}": its certificate ${has}`,
      );
    },
  };
}

/** When a certificate ends, in PEM; the first one of a chain. */
export function endOf(certificate: string): Instant {
  return new X509Certificate(certificate).validToDate.getTime();
}

/** True once less than a third of a certificate's life is left. */
export function isDue(certificate: string, now: Instant): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const end = validToDate.getTime();
  return end - now < (end - validFromDate.getTime()) / 3;
}

/** Every certificate of a PEM text, each on its own. */
export function certificatesOf(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g) ?? [];
}

/**
 * Loads a certificate that somebody else issued, for the public face or for a machine that has no
 * authority of its own. Certificate and key may be in one file.
 *
 * @throws {CertificateError} If either cannot be read, they do not belong together, or it has ended.
 */
export function loadCertificate(
  files: { readonly certificate: string; readonly key: string },
  now: Instant,
): { readonly certificate: string; readonly key: string; readonly ends: Instant } {
  const certificate = read('certificate', files.certificate);
  const key = read('key', files.key);
  try {
    const [first = ''] = certificatesOf(certificate);
    const parsed = new X509Certificate(first);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) {
      throw new Error(`the key in "${files.key}" is of another certificate`);
    }
    const ends = parsed.validToDate.getTime();
    if (ends <= now)
      throw new Error(`it ended on ${parsed.validToDate.toISOString().slice(0, 10)}`);
    return { certificate, key, ends };
  } catch (cause) {
    const text = `Cannot use the certificate "${files.certificate}": ${messageOf(cause)}`;
    throw new CertificateError(text, { cause });
  }
}

function read(what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CertificateError(`Cannot read the ${what} "${path}": ${messageOf(cause)}`, { cause });
  }
}
