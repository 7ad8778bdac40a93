import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, messageOf } from '#base/failure.ts';
import type { Milliseconds } from '#base/time.ts';
import type { Place } from '#platform/ports/port-plan.ts';
import { portOf } from './port-of.ts';

/** A row of the matrix cannot be opened; the message says why and which setting to change. */
export class DoorError extends Error {
  override readonly name = 'DoorError';
}

/** A row that is listened on: at one address, or two where loopback is both IPv4 and IPv6. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Takes no new connections; resolves when those that are open are over. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const LOOPBACK_6 = '::1';

/**
 * Where ports are moved by an offset they may lie among those that the system gives to outgoing connections,
 * and one of these may have it for a moment.
 */
const TRIES = 5;
const TRY_AGAIN_AFTER: Milliseconds = 100;

/**
 * Lets `server` listen on a place, and beside 127.0.0.1 on ::1 where the machine has it: whoever else took
 * that port there could pose as us to clients that ask for `localhost`.
 *
 * @throws {DoorError}
 */
export async function listenAt(
  row: { readonly id: string; readonly destination: string },
  place: Place,
  server: Server,
  connections: number,
): Promise<Listener> {
  const servers: Server[] = [];
  const open = async (one: Server, address: string, port: number): Promise<void> => {
    one.maxConnections = connections;
    await listen(one, address, port, place.port === 0 ? 1 : TRIES);
    one.on('error', () => undefined); // accept() failed: one connection is lost, not the door
    servers.push(one);
  };
  const close = async (): Promise<void> => {
    await Promise.all(
      servers.map((one) => new Promise<void>((resolve) => void one.close(() => resolve()))),
    );
  };
  try {
    await open(server, place.address, place.port);
    const port = portOf(server);
    if (place.address === LOOPBACK) {
      try {
        const twin = createServer(SOCKETS, (socket) => void server.emit('connection', socket));
        await open(twin, LOOPBACK_6, port);
      } catch (error) {
        // no IPv6 here; or a port that was only free on one of both, where any would have done
        if (codeOf(error) === 'EADDRINUSE' && place.port !== 0) throw error;
      }
    }
    return { address: place.address, port, close };
  } catch (cause) {
    await close();
    throw new DoorError(explain(row, place, cause), { cause });
  }
}

async function listen(server: Server, host: string, port: number, tries: number): Promise<void> {
  for (let left = tries - 1; ; left--) {
    try {
      server.listen({ host, port, exclusive: true });
      return void (await once(server, 'listening'));
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' || left === 0) throw error;
      await sleep(TRY_AGAIN_AFTER);
    }
  }
}

/** How accepted sockets behave: messages are small and must not wait; a peer that vanished is noticed. */
export const SOCKETS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

function explain(
  row: { readonly id: string; readonly destination: string },
  place: Place,
  cause: unknown,
): string {
  const where = place.address.includes(':') ? `[${place.address}]` : place.address;
  const cannot = `Cannot open port ${place.port} on ${where} for "${row.id}"`;
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: `another program uses it; stop that one, or change the setting ports.${row.id} or ports.offset`,
    EACCES: `ports below 1024 are not for everybody; change the setting ports.${row.id}`,
    EADDRNOTAVAIL: `this machine has no such address; change the setting address.${row.destination}`,
  };
  return `${cannot}: ${remedies[codeOf(cause) ?? ''] ?? messageOf(cause)}`;
}
