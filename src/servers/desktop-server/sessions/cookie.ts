import type { Milliseconds } from '#base/time.ts';
import type { ConnectionFacts } from '../http/connection-facts.ts';

type Addressed = Pick<ConnectionFacts, 'secure' | 'host'>;

/**
 * The cookie's name. Over TLS a browser takes `__Host-` only from this very host. Without, cookies do not
 * know ports: two centres on one machine would sign each other's people out but for the port in the name.
 */
export function cookieName({ secure, host }: Addressed): string {
  if (secure) return '__Host-emcee-session';
  const port = /:(?<port>\d+)$/.exec(host ?? '')?.groups?.['port'] ?? '80';
  return `emcee-session-${port}`;
}

/** The secret that a request bears in its `Cookie` header. @see RFC 6265 §5.4 */
export function readSession(facts: Addressed, header: string | undefined): string | undefined {
  const start = `${cookieName(facts)}=`;
  const pair = header?.split('; ').find((each) => each.startsWith(start));
  return pair?.slice(start.length);
}

/** The `Set-Cookie` header that makes the browser keep `secret` for `longest`, or forget it. @see RFC 6265 §4.1 */
export function sessionCookie(
  facts: Addressed,
  secret: string | undefined,
  longest: Milliseconds,
): string {
  const age = secret === undefined ? 0 : Math.floor(longest / 1_000);
  const pair = `${cookieName(facts)}=${secret ?? ''}`;
  const security = facts.secure ? '; Secure' : '';
  return `${pair}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${security}`;
}
