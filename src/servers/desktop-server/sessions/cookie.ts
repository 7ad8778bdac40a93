import { fastifyCookie } from '@fastify/cookie';
import type { ConnectionFacts } from '../http/connection-facts.ts';
import type { Milliseconds } from '#base/time.ts';

/**
 * The cookie's name. Over TLS a browser takes `__Host-` only from this very host. Without, cookies do not
 * know ports: two centres on one machine would sign each other's people out but for the port in the name.
 */
export function cookieName(facts: Pick<ConnectionFacts, 'secure' | 'host'>): string {
  if (facts.secure) return '__Host-emcee-session';
  const port = /:(?<port>\d+)$/.exec(facts.host ?? '')?.groups?.['port'] ?? '80';
  return `emcee-session-${port}`;
}

/** The secret that a request bears. */
export function readSession(
  facts: ConnectionFacts,
  header: string | undefined,
): string | undefined {
  return header === undefined ? undefined : fastifyCookie.parse(header)[cookieName(facts)];
}

/** What makes the browser keep `secret` for `longest`, or forget it. */
export function sessionCookie(
  facts: ConnectionFacts,
  secret: string | undefined,
  longest: Milliseconds,
): string {
  return fastifyCookie.serialize(cookieName(facts), secret ?? '', {
    httpOnly: true,
    sameSite: 'strict',
    secure: facts.secure,
    path: '/',
    maxAge: secret === undefined ? 0 : Math.floor(longest / 1_000),
  });
}
