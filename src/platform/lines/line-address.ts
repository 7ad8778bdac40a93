import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** Where lines are spoken, and how to prove who calls. */
export interface LineAddress {
  /** `tcp://127.0.0.1:29081` or `tls://ids.example:29081`. */
  readonly url: string;
  /** Proves the role on a plain connection. */
  readonly token?: string;
  /** Proves the role on a TLS connection, and checks the server's. */
  readonly tls?: ConnectionOptions;
}

/** The listener is in this process: no wire, and no token. */
export interface LocalLineAddress {
  readonly connect: () => Duplex;
}

/** An address, or how to find it: asked anew for every connection, because components move. */
export type LineAddressSource =
  | LineAddress
  | ((signal: AbortSignal) => Promise<LineAddress | LocalLineAddress>);

/** What the hello to `address` must bring. */
export const tokenFor = (address: LineAddress | LocalLineAddress): string | undefined =>
  'token' in address ? address.token : undefined;

/** Opens a socket to `address`; resolves once bytes can be sent. @throws What the connection failed with. */
export async function openLineSocket(
  address: LineAddress | LocalLineAddress,
  signal: AbortSignal,
): Promise<Duplex> {
  if ('connect' in address) return address.connect();
  const { protocol, hostname, port } = new URL(address.url);
  // an IPv6 address is in brackets in a URL, and is not for connect()
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
  const secure = protocol === 'tls:';
  const socket = secure ? connectTls({ ...address.tls, ...to }) : connect(to);
  if (!secure) socket.setNoDelay(true);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void => void socket.destroy(new Error('Given up'));
  signal.addEventListener('abort', giveUp, { once: true });
  socket.once(secure ? 'secureConnect' : 'connect', resolve);
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('The connection was closed')));
  try {
    signal.throwIfAborted();
    await promise;
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    socket.off('error', reject);
  }
}
