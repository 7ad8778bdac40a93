import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Peers, WebHandler } from '#platform/platform.ts';
import { isOurHost } from '../rules/request-origin.ts';
import { factsOf } from './connection-facts.ts';

/** What belongs to the chat gateway: `/chat`, what is beneath it, and `/chat.js`. */
const CHAT = /^\/chat(?:[/?.]|$)/;

export interface GateOptions {
  readonly peers: Peers;
  readonly proxies: BlockList;
  /** Names of ours beside localhost and IP addresses. */
  readonly hosts: ReadonlySet<string>;
  /** Answers everything that is not chat. */
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly rebound: (host: string) => void;
}

/**
 * The first look at every request: turns away what was asked of a host that is not ours, and hands chat
 * to its gateway untouched, so that ten thousand idle widgets cost this server nothing.
 */
export function openGate(options: GateOptions): WebHandler {
  const isOurs = (request: IncomingMessage): boolean => {
    if (isOurHost(request.headers.host, options.hosts)) return true;
    options.rebound(request.headers.host ?? '');
    return false;
  };
  return {
    request(request, response) {
      if (!isOurs(request)) return refuse(response, 421, 'wrong-host', WRONG_HOST);
      if (!CHAT.test(request.url ?? '')) return options.request(request, response);
      const chat = options.peers.web('/chat');
      if (!chat) return refuse(response, 503, 'busy', 'The chat gateway cannot be reached');
      nameCustomer(request, options.proxies);
      chat.request(request, response);
    },
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (!isOurs(request)) return refuseUpgrade(socket, 421, 'Misdirected Request');
      if (!CHAT.test(request.url ?? '')) return options.upgrade(request, socket, head);
      const chat = options.peers.web('/chat');
      if (!chat?.upgrade) return refuseUpgrade(socket, 503, 'Service Unavailable');
      nameCustomer(request, options.proxies);
      chat.upgrade(request, socket, head);
    },
  };
}

const WRONG_HOST =
  'This server does not know the name it was asked under; an administrator adds it to the setting desktop-server.hosts';

/** The gateway limits floods by address: what it finds in these headers it can believe. */
function nameCustomer(request: IncomingMessage, proxies: BlockList): void {
  const { address, secure } = factsOf(request, proxies);
  request.headers['x-forwarded-for'] = address;
  request.headers['x-forwarded-proto'] = secure ? 'https' : 'http';
  delete request.headers['forwarded'];
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify({ error: { code, message } }));
}

/** Answers an upgrade that will not be. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}
