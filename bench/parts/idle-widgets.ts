/**
 * Widgets that are connected and say nothing, in a process of their own, so that their memory is not
 * counted as the gateway's: TCP connections that speak just enough WebSocket.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** How many shake hands at the same time. */
const AT_ONCE = 100;

const HELLO = '{"type":"hello","entryPoint":"web"}';

const [host = '', port = ''] = (process.argv[2] ?? '').split(':');
const sockets: Socket[] = [];

/** A text frame as a client sends it, RFC 6455 §5.2: masked, here with a mask of zeros. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Resolves once the widget has been welcomed. */
function open(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(Number(port), host);
  let isUpgraded = false;
  socket.on('error', reject);
  socket.on('data', (data) => {
    if (isUpgraded) return resolve();
    if (!data.toString('latin1').startsWith('HTTP/1.1 101')) {
      return reject(new Error(data.toString('latin1')));
    }
    isUpgraded = true;
    socket.write(frame(HELLO));
  });
  socket.write(
    `GET /chat/socket HTTP/1.1\r\nHost: ${host}:${port}\r\nOrigin: http://${host}:${port}\r\n` +
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n' +
      'Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en,de;q=0.9\r\nConnection: Upgrade\r\n' +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  sockets.push(socket);
  return promise;
}

async function openMany(count: number): Promise<void> {
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - opened) }, open));
  }
  process.send?.(sockets.length);
}

process.on('message', (count) => void openMany(Number(count)));
process.send?.(0);
