/** Makes certificates. Loaded only when one is made: most starts find all they need on disk. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { days, hours } from '#base/time.ts';
import type { Instant, Milliseconds } from '#base/time.ts';
import { uriOfRole } from './role.ts';

const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** Clocks of two machines differ; a certificate made now must hold on one that is slow. */
const SKEW: Milliseconds = hours(1);
/** A private authority is replaced by hand on other machines: rarely. */
const AUTHORITY_LIFE: Milliseconds = days(3650);
/** Renewed by ourselves with a third left, so at least a month before the end. */
const CERTIFICATE_LIFE: Milliseconds = days(90);

/** A certificate and its private key, in PEM. */
export interface Made {
  readonly certificate: string;
  readonly key: string;
}

/** A new private authority. */
export async function makeAuthority(now: Instant): Promise<Made> {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Emcee private authority, O=Emcee',
    notBefore: new Date(now - SKEW),
    notAfter: new Date(now + AUTHORITY_LIFE),
    keys,
    signingAlgorithm: KEYS,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem(certificate), key: await pemOfKey(keys.privateKey) };
}

/** A certificate for a role and the names and addresses its servers are reached by. */
export async function makeCertificate(
  authority: Made,
  role: string,
  hosts: readonly string[],
  now: Instant,
): Promise<Made> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const names = hosts.map((host) => ({ type: isIP(host) ? 'ip' : 'dns', value: host }) as const);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${role}, O=Emcee`,
    issuer: issuer.subject,
    notBefore: new Date(now - SKEW),
    notAfter: new Date(Math.min(now + CERTIFICATE_LIFE, issuer.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    signingAlgorithm: KEYS,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: uriOfRole(role) }, ...names]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: pem(certificate), key: await pemOfKey(keys.privateKey) };
}

const pem = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`;

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(bytes, x509.PemConverter.PrivateKeyTag)}\n`;
}

function readKey(text: string): Promise<webcrypto.CryptoKey> {
  const [bytes = new ArrayBuffer(0)] = x509.PemConverter.decode(text);
  return webcrypto.subtle.importKey('pkcs8', bytes, KEYS, false, ['sign']);
}
