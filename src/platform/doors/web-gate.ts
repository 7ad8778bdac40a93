import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { WebHandler } from '#platform/platform.ts';
import { roleOf } from '#platform/tls/role.ts';

/** Carries the token of whoever forwards a request to a component's web door. Never sent on by it. */
export const TOKEN_HEADER = 'x-emcee-token';

/**
 * Lets only the public face of this installation forward requests to `handler`. What its headers say of
 * the customer (`Host`, `X-Forwarded-For`, `X-Forwarded-Proto`) can be believed behind it.
 */
export function guardWeb(
  handler: WebHandler,
  verify: (token: string) => string | undefined,
  refused: (reason: string) => void,
): WebHandler {
  const isTrusted = (request: IncomingMessage): boolean => {
    const token = request.headers[TOKEN_HEADER];
    delete request.headers[TOKEN_HEADER];
    const role =
      certifiedRole(request.socket) ?? (typeof token === 'string' ? verify(token) : undefined);
    if (role === PUBLIC_FACE) return true;
    refused('a request that desktop-server did not forward');
    return false;
  };
  return {
    request(request, response) {
      if (isTrusted(request)) return handler.request(request, response);
      response.writeHead(403, { connection: 'close' }).end();
    },
    upgrade(request, socket, head) {
      if (isTrusted(request) && handler.upgrade) return handler.upgrade(request, socket, head);
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
  };
}

/** Who forwards: the one component that browsers of customers reach. */
const PUBLIC_FACE = 'desktop-server';

function certifiedRole(socket: Socket): string | undefined {
  const isProven = socket instanceof TLSSocket && socket.authorized;
  return isProven ? roleOf(socket.getPeerCertificate()) : undefined;
}
