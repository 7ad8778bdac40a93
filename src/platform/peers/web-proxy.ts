import { request as requestPlain } from 'node:http';
import type {
  ClientRequest,
  IncomingHttpHeaders,
  IncomingMessage,
  ServerResponse,
} from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import { messageOf } from '#base/failure.ts';
import { seconds } from '#base/time.ts';
import type { Milliseconds } from '#base/time.ts';
import { TOKEN_HEADER } from '#platform/doors/web-gate.ts';
import type { WebHandler } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { ProvenAddress } from './find-peer.ts';

/** A component on the same machine or network answers at once, or is gone. */
const ANSWER: Milliseconds = seconds(10);

/** RFC 9110 §7.6.1: these are between two neighbours and are not sent on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Forwards requests and upgrades to the web door of a component in another process. */
export function proxyWeb(find: () => Promise<ProvenAddress>, trace: Trace): WebHandler {
  const failed = (error: unknown): void => {
    trace.warning('web.not-forwarded', { reason: messageOf(error) }, error);
  };
  const forward = async (
    request: IncomingMessage,
    extra: IncomingHttpHeaders,
  ): Promise<ClientRequest> => {
    const { url, token, tls } = await find();
    const { hostname, port } = new URL(url);
    const send = tls ? requestSecure : requestPlain;
    return send({
      ...tls,
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      method: request.method,
      path: request.url,
      headers: { ...endToEnd(request.headers), ...extra, ...(token && { [TOKEN_HEADER]: token }) },
      timeout: ANSWER,
    });
  };
  const forwardRequest = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const onward = await forward(request, {});
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      pipeline(answer, response, () => undefined);
    });
    onward.on('timeout', () => onward.destroy(new Error('No answer in time')));
    onward.on('error', (error) => {
      failed(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { connection: 'close' }).end();
    });
    pipeline(request, onward, () => undefined);
  };
  const forwardUpgrade = async (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> => {
    const { upgrade } = request.headers;
    const onward = await forward(request, { connection: 'upgrade', ...(upgrade && { upgrade }) });
    onward.on('upgrade', (answer, far, first) => join(socket, head, answer, far, first));
    onward.on('response', (answer) => {
      answer.resume();
      socket.end(statusLine(answer.statusCode ?? 502, answer.statusMessage ?? ''));
    });
    onward.on('timeout', () => onward.destroy(new Error('No answer in time')));
    onward.on('error', (error) => {
      failed(error);
      socket.end(statusLine(502, 'Bad Gateway'));
    });
    onward.end();
  };
  return {
    request(request, response) {
      forwardRequest(request, response).catch((error: unknown) => {
        failed(error);
        response.writeHead(503, { connection: 'close', 'retry-after': '2' }).end();
      });
    },
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      forwardUpgrade(request, socket, head).catch((error: unknown) => {
        failed(error);
        socket.end(statusLine(503, 'Service Unavailable'));
      });
    },
  };
}

const statusLine = (status: number, reason: string): string =>
  `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;

/** Two upgraded connections become one; when either ends, both do. */
function join(
  near: Duplex,
  head: Buffer,
  answer: IncomingMessage,
  far: Duplex,
  first: Buffer,
): void {
  if ('setTimeout' in far && typeof far.setTimeout === 'function') far.setTimeout(0);
  const lines = ['HTTP/1.1 101 Switching Protocols'];
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    lines.push(`${answer.rawHeaders[at]}: ${answer.rawHeaders[at + 1]}`);
  }
  near.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (first.length > 0) near.write(first);
  if (head.length > 0) far.write(head);
  pipeline(near, far, () => undefined);
  pipeline(far, near, () => undefined);
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = new Set(
    (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()),
  );
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !HOP_BY_HOP.has(name) && !named.has(name) && name !== TOKEN_HEADER,
    ),
  );
}
