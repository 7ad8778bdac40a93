import { createServer } from 'node:http';
import { isRefusedByBrowsers } from '#platform/ports/browser-ports.ts';
import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Place } from '#platform/ports/port-plan.ts';
import type { HttpDoor, Shown, WebHandler } from '#platform/platform.ts';
import { DoorError, SOCKETS, listenAt } from './listen.ts';

/** Cookies, a few tokens and what proxies add fit well. */
const HEADER_BYTES = 16 * 1024;

export interface HttpDoorOptions {
  readonly row: { readonly id: string; readonly destination: string };
  readonly place: Place;
  /** Given: HTTPS. */
  readonly shown: Shown | undefined;
  readonly handler: WebHandler;
  readonly clock: Clock;
  readonly connections: number;
  readonly drain: Milliseconds;
}

/** Opens an HTTP or HTTPS port. @throws {DoorError} */
export async function openHttpDoor(
  options: HttpDoorOptions,
): Promise<HttpDoor & { renew(shown: Shown): void }> {
  const { row, place, shown, handler, clock, connections, drain } = options;
  const limits = {
    ...SOCKETS,
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: seconds(10),
    requestTimeout: seconds(60),
    keepAliveTimeout: seconds(60),
    connectionsCheckingInterval: seconds(5),
  };
  const secure =
    shown && createSecureServer({ ...limits, ...contextOf(shown), minVersion: 'TLSv1.2' });
  const http: Server = secure ?? createServer(limits);
  const upgraded = new Set<Duplex>();
  let isClosing = false;
  http.on('request', (request, response) => {
    response.once('close', () => {
      // a connection kept alive for the next request would hold up the end
      if (isClosing) setImmediate(() => http.closeIdleConnections());
    });
    handler.request(request, response);
  });
  http.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (!handler.upgrade) return void socket.destroy();
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    handler.upgrade(request, socket, head);
  });
  if (isRefusedByBrowsers(place.port)) {
    throw new DoorError(
      `Cannot open port ${place.port} for "${row.id}": no browser speaks to that port; choose another by ports.${row.id} or ports.offset`,
    );
  }
  const listener = await listenAt(row, place, http, connections);
  return {
    address: listener.address,
    port: listener.port,
    tls: secure !== undefined,
    renew: (next) => secure?.setSecureContext(contextOf(next)),
    async [Symbol.asyncDispose]() {
      isClosing = true;
      const closed = listener.close();
      http.closeIdleConnections();
      for (const socket of upgraded) socket.end();
      const late = clock.after(drain, () => {
        http.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      });
      await closed;
      late[Symbol.dispose]();
    },
  };
}

const contextOf = ({ certificate, key }: Shown): { cert: string; key: string } => ({
  cert: certificate,
  key,
});
