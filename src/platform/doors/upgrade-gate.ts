import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { seconds } from '#base/time.ts';

/** Headers of our own clients are a few hundred bytes; more is somebody else. */
const HEADER_BYTES = 4096;

export interface UpgradeGateOptions {
  /** Whether a `Host` header names us: a page of another name that was rebound to our address does not. */
  readonly allowsHost: (host: string) => boolean;
  readonly frameBytes: number;
  readonly accept: (socket: WebSocket, request: IncomingMessage) => void;
  /** Somebody was turned away, and why. */
  readonly refused?: (reason: string) => void;
}

/** Turns accepted TCP or TLS sockets into WebSockets; whatever a browser's page sends is refused. */
export interface UpgradeGate extends Disposable {
  take(socket: Duplex): void;
}

/** Opens a gate that listens nowhere itself: sockets are handed to it. */
export function openUpgradeGate(options: UpgradeGateOptions): UpgradeGate {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.frameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const http = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: seconds(5),
    requestTimeout: seconds(5),
    keepAlive: false,
  });
  const refuse = (socket: Duplex, status: string, reason: string): void => {
    options.refused?.(reason);
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  };
  http.on('request', (_request, response) => {
    options.refused?.('no upgrade');
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end();
  });
  http.on('clientError', (_error, socket) => socket.destroy());
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.headers.origin !== undefined) {
      return refuse(socket, '403 Forbidden', 'a web page of another origin');
    }
    if (!options.allowsHost(request.headers.host ?? '')) {
      return refuse(socket, '421 Misdirected Request', 'a wrong host name');
    }
    sockets.handleUpgrade(request, socket, head, (opened) => options.accept(opened, request));
  });
  return {
    take: (socket) => void http.emit('connection', socket),
    [Symbol.dispose]: () => {
      http.closeAllConnections();
      sockets.close();
    },
  };
}
