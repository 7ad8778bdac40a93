/** Raw connections to a running program: what comes back is kept, and nothing waits for ever. */
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { request as requestSecure } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { WebSocket } from 'ws';

export interface Far {
  readonly port: number;
  /** Given: TLS. */
  readonly tls?: ConnectionOptions | undefined;
}

const HOST = '127.0.0.1';

/** Opens a connection; errors only end it. */
export function dial({ port, tls }: Far): Duplex {
  const socket = tls
    ? connectTls({ host: HOST, port, rejectUnauthorized: false, ...tls })
    : connect({ host: HOST, port });
  return socket.on('error', () => undefined);
}

/** Sends bytes, says no more, and resolves with what came back until the end, or for `patience` ms. */
export function exchange(far: Far, bytes: Buffer | string, patience = 2_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = dial(far);
    let heard = '';
    const timer = setTimeout(() => socket.destroy(), patience);
    socket.on('data', (data: Buffer) => (heard += data.toString()));
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(heard);
    });
    socket.end(bytes);
  });
}

/** What an attempt to open a WebSocket comes to: `open`, the HTTP status, or `closed`. */
export async function handshake(
  far: Far,
  path = '/',
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const socket = webSocket(far, path, headers);
  const outcome = await new Promise<string>((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode)));
    socket.once('error', () => resolve('closed'));
  });
  socket.terminate();
  return outcome;
}

export function webSocket(
  { port, tls }: Far,
  path = '/',
  headers: Readonly<Record<string, string>> = {},
): WebSocket {
  const url = `${tls ? 'wss' : 'ws'}://${HOST}:${port}${path}`;
  const socket = new WebSocket(url, {
    headers,
    handshakeTimeout: 5_000,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...tls,
  });
  return socket.on('error', () => undefined);
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as `fetch` would not make it: any `Host`, any `Origin`. */
export function ask(
  { port, tls }: Far,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body?: string,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = {
      host: HOST,
      port,
      path,
      headers: { ...headers, ...length },
      method,
      agent: false,
    };
    const made = tls
      ? requestSecure({ ...options, rejectUnauthorized: false, ...tls })
      : request(options);
    made.once('error', reject);
    made.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    made.setTimeout(10_000, () => made.destroy(new Error(`No answer to ${method} ${path}`)));
    made.end(body);
  });
}
