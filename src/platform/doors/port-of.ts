import type { Server } from 'node:net';

/** The port a TCP server listens on. @throws {Error} If it does not listen. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('Cannot tell the port of a server: it does not listen on TCP');
  }
  return address.port;
}
