import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { codeOf, messageOf } from '#base/failure.ts';
import { systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { CertificateError, certificatesOf, isDue } from './identity.ts';
import type { Identity } from './identity.ts';
import { uriOfRole } from './role.ts';

/**
 * The private authority of an installation, in `tls/` of its data directory:
 *
 *     tls/authority.pem      its key and certificate, older certificates behind; its owner's alone
 *     tls/authority.crt      the certificates without the key: give this to other machines and browsers
 *     tls/ROLE.pem           key and certificate of a role
 */
export interface Authority {
  /** The certificates that are believed, in PEM. */
  readonly certificates: string;
  /** A new certificate for a role, kept nowhere: for another machine. @throws {CertificateError} */
  issue(request: CertificateRequest): Promise<Identity>;
  /**
   * The certificate of a role on this machine: the one on disk, or a new one if there is none, less than
   * a third of its life is left, or it does not name one of `hosts`. @throws {CertificateError}
   */
  identityOf(request: CertificateRequest): Promise<Identity>;
  /** Issues the certificate of a role on this machine anew, whatever its age. @throws {CertificateError} */
  renew(request: CertificateRequest): Promise<Identity>;
}

export interface CertificateRequest {
  readonly role: string;
  /** Names and addresses that the role's servers are reached by. */
  readonly hosts: readonly string[];
}

const HOST =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

interface Pair {
  readonly key: string;
  /** One or several, newest first. */
  readonly certificate: string;
}

/**
 * Opens the authority of the installation in `directory`, making it on the first start. When less than a
 * third of its life is left a new one is made; the old one is believed until it ends.
 *
 * @throws {CertificateError} If it is there and cannot be used: every certificate depends on it.
 */
export async function openAuthority(
  directory: string,
  clock: Clock = systemClock,
): Promise<Authority> {
  const folder = join(directory, 'tls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'authority.pem');
  const own = await openOwn(path, clock);
  const [newest = ''] = certificatesOf(own.certificate);
  writeAtomically(join(folder, 'authority.crt'), own.certificate, 0o644);

  const issue = async ({ role, hosts }: CertificateRequest): Promise<Identity> => {
    uriOfRole(role);
    const wrong = hosts.find((host) => isIP(host) === 0 && !HOST.test(host));
    if (wrong !== undefined) {
      throw new CertificateError(
        `Cannot issue a certificate: "${wrong}" is no host name or address`,
      );
    }
    const { makeCertificate } = await import('./make-certificate.ts');
    const authority = { key: own.key, certificate: newest };
    const made = await makeCertificate(authority, role, hosts, clock.now());
    return { ...made, authority: own.certificate };
  };
  const renew = async (request: CertificateRequest): Promise<Identity> => {
    const identity = await issue(request);
    writeAtomically(
      join(folder, `${request.role}.pem`),
      identity.key + identity.certificate,
      0o600,
    );
    return identity;
  };
  return {
    certificates: own.certificate,
    issue,
    renew,
    async identityOf(request) {
      uriOfRole(request.role);
      const kept = readPair(join(folder, `${request.role}.pem`));
      const holds =
        kept !== undefined &&
        !isDue(kept.certificate, clock.now()) &&
        isSignedByOne(kept.certificate, own.certificate) &&
        request.hosts.every((host) => names(kept.certificate, host));
      return holds ? { ...kept, authority: own.certificate } : renew(request);
    },
  };
}

async function openOwn(path: string, clock: Clock): Promise<Pair> {
  const kept = readPair(path);
  if (kept && !isDue(kept.certificate, clock.now())) return kept;
  const { makeAuthority } = await import('./make-certificate.ts');
  const made = await makeAuthority(clock.now());
  if (kept) {
    const renewed = { key: made.key, certificate: made.certificate + kept.certificate };
    writeAtomically(path, renewed.key + renewed.certificate, 0o600);
    return renewed;
  }
  writeFirst(path, made.key + made.certificate);
  return readPair(path) ?? made;
}

function readPair(path: string): Pair | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new CertificateError(`Cannot read "${path}": ${messageOf(cause)}`, { cause });
  }
  const [key] = text.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/) ?? [];
  const certificates = certificatesOf(text);
  try {
    certificates.map((certificate) => new X509Certificate(certificate));
  } catch (cause) {
    throw new CertificateError(`Cannot use "${path}": ${messageOf(cause)}`, { cause });
  }
  if (key === undefined || certificates.length === 0) {
    throw new CertificateError(
      `Cannot use "${path}": it must hold a key and a certificate; restore it from a backup`,
    );
  }
  return { key, certificate: certificates.join('') };
}

function isSignedByOne(certificate: string, authorities: string): boolean {
  const parsed = new X509Certificate(certificate);
  return certificatesOf(authorities).some((authority) =>
    parsed.verify(new X509Certificate(authority).publicKey),
  );
}

function names(certificate: string, host: string): boolean {
  const parsed = new X509Certificate(certificate);
  return (isIP(host) ? parsed.checkIP(host) : parsed.checkHost(host)) !== undefined;
}

function writeAtomically(path: string, content: string, mode: number): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}

/** Two processes of one installation may start at once: the first to link its file wins. */
function writeFirst(path: string, content: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
