import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock } from '#base/time.ts';
import { CHAT_PATH } from '../contract.ts';
import { take } from '../rules/bucket.ts';
import type { Rate } from '../rules/bucket.ts';
import type { Source, Sources } from '../widget/sources.ts';
import { WidgetSocket } from '../widget/widget-socket.ts';

/** A message of 32 kB whose every character needs an escape in JSON, and some more. */
const FRAME_BYTES = 256 * 1024;

export interface UpgradesParts {
  readonly clock: Clock;
  readonly sources: Sources;
  readonly connects: Rate;
  readonly mostConnections: number;
  readonly mostPerSource: number;
  readonly accepted: (socket: WidgetSocket, source: Source) => void;
  /** Somebody was turned away, with this status of HTTP. */
  readonly refused: (status: number) => void;
}

/** Turns upgrade requests of our own frame into widget sockets; turns away all others. */
export class Upgrades {
  readonly #parts: UpgradesParts;
  readonly #server = new WebSocketServer({
    noServer: true,
    WebSocket: WidgetSocket,
    maxPayload: FRAME_BYTES,
    perMessageDeflate: false, // its contexts cost 64 kB per connection
  });

  constructor(parts: UpgradesParts) {
    this.#parts = parts;
  }

  /** All that are connected. */
  get sockets(): ReadonlySet<WidgetSocket> {
    return this.#server.clients;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { clock, sources, connects, mostConnections, mostPerSource, accepted } = this.#parts;
    if (pathOf(request) !== `${CHAT_PATH}/socket`) return this.#refuse(socket, 404, 'Not Found');
    if (!isOwnOrigin(request)) return this.#refuse(socket, 403, 'Forbidden');
    const source = sources.of(addressOf(request));
    const wait = take(source.connects, connects, clock.monotonic());
    if (wait > 0) return this.#refuse(socket, 429, 'Too Many Requests', wait);
    const isFull = this.sockets.size >= mostConnections || source.connections >= mostPerSource;
    if (isFull) return this.#refuse(socket, 503, 'Service Unavailable', 60_000);
    this.#server.handleUpgrade(request, socket, head, (widget) => accepted(widget, source));
  }

  close(): void {
    this.#server.close();
  }

  #refuse(socket: Duplex, status: number, reason: string, wait = 0): void {
    this.#parts.refused(status);
    const retry = wait > 0 ? `Retry-After: ${Math.ceil(wait / 1_000)}\r\n` : '';
    const lines = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n`;
    socket.end(`${lines}${retry}\r\n`, () => socket.destroy());
  }
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.replace(/\?.*/s, '');

/** The frame is ours, so its origin is the host that the request was sent to. A page of another origin is not. */
function isOwnOrigin({ headers }: IncomingMessage): boolean {
  const origin = URL.parse(headers.origin ?? '');
  return origin !== null && origin.host !== '' && origin.host === headers.host?.toLowerCase();
}

/** The public face has replaced this header by the address that can be believed. */
function addressOf({ headers, socket }: IncomingMessage): string {
  const forwarded = headers['x-forwarded-for'];
  return typeof forwarded === 'string' ? forwarded : (socket.remoteAddress ?? '');
}
