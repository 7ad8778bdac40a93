/** What a connection speaks, by its first two bytes. */
import type { Duplex } from 'node:stream';

/** `nothing`: it ended before there was enough to tell, as a probe of the port does. */
export type Wire = 'tls' | 'web-socket' | 'lines' | 'unknown' | 'nothing';

const ENOUGH = 2;

/**
 * Waits for the first bytes, puts them back, and tells the wire. The socket is paused then: whoever takes
 * it over resumes it.
 */
export function firstBytes(socket: Duplex, decide: (wire: Wire) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const settle = (wire: Wire): void => {
    socket.off('data', take);
    socket.off('end', none);
    socket.off('close', none);
    decide(wire);
  };
  const none = (): void => settle('nothing');
  const take = (bytes: Buffer): void => {
    seen = seen.length === 0 ? bytes : Buffer.concat([seen, bytes]);
    if (seen.length < ENOUGH) return;
    socket.pause();
    socket.unshift(seen);
    settle(wireOf(seen));
  };
  socket.on('data', take);
  socket.once('end', none);
  socket.once('close', none);
}

function wireOf(bytes: Buffer): Wire {
  // a TLS record of a handshake, of any version 3.x (RFC 8446 §5.1)
  if (bytes[0] === 0x16 && bytes[1] === 0x03) return 'tls';
  const text = bytes.toString('latin1', 0, ENOUGH);
  if (text === 'GE') return 'web-socket';
  return text.startsWith('{') ? 'lines' : 'unknown';
}
