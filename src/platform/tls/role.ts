/** How a certificate names a role: one URI among its subject alternative names, `emcee:role:media-director`. */
import type { PeerCertificate } from 'node:tls';

const PREFIX = 'emcee:role:';
const ROLE = /^[a-z][a-z0-9-]{0,63}$/;

/** The URI that names a role. @throws {RangeError} If it is no name of a role. */
export function uriOfRole(role: string): string {
  if (!ROLE.test(role)) throw new RangeError(`Cannot name a role: "${role}" is no name of one`);
  return PREFIX + role;
}

/**
 * The role a certificate names; undefined if it names none, or several.
 *
 * Says nothing of who signed it: ask only after TLS has accepted the chain.
 */
export function roleOf(certificate: Pick<PeerCertificate, 'subjectaltname'>): string | undefined {
  // Node quotes a name that holds a separator, so no name can pass for another (CVE-2021-44532)
  const named = (certificate.subjectaltname ?? '')
    .split(', ')
    .filter((name) => name.startsWith(`URI:${PREFIX}`))
    .map((name) => name.slice(`URI:${PREFIX}`.length));
  const [role = ''] = named;
  return named.length === 1 && ROLE.test(role) ? role : undefined;
}
