import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Server as TlsServer } from 'node:tls';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { LineFeed, LineListener } from '#platform/lines/lines.ts';
import { serveLines } from '#platform/lines/serve.ts';
import type { LineServer } from '#platform/lines/serve.ts';
import type { Place } from '#platform/ports/port-plan.ts';
import { serveRpc } from '#platform/rpc/serve.ts';
import type { RpcServer } from '#platform/rpc/serve.ts';
import { secureServerOptions } from '#platform/tls/identity.ts';
import type { Identity } from '#platform/tls/identity.ts';
import { roleOf } from '#platform/tls/role.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { firstBytes } from './first-bytes.ts';
import type { Wire } from './first-bytes.ts';
import { namesUs } from './host-names.ts';
import { SOCKETS, listenAt } from './listen.ts';
import type { Listener } from './listen.ts';
import { traceRefusals } from './refusals.ts';
import { openUpgradeGate } from './upgrade-gate.ts';
import type { UpgradeGate } from './upgrade-gate.ts';

/** Connections that have not said a sound hello; when one more comes, the oldest goes. */
const STRANGERS = 128;

export interface ComponentDoorOptions {
  readonly row: { readonly id: string; readonly destination: string };
  readonly place: Place;
  /** Given: mutual TLS, the caller's role from its certificate. Left out: plain, the role from a token. */
  readonly identity: Identity | undefined;
  readonly names: readonly string[];
  readonly verify: (token: string) => string | undefined;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly connections: number;
  readonly drain: Milliseconds;
}

/** One open row of the matrix where components speak: rpc, lines, or both on one port. */
export interface ComponentDoor extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  readonly rpc: RpcServer;
  /** @throws {Error} If this row takes lines already: one row has one listener or feed. */
  lines(handler: LineListener | LineFeed): LineServer;
  /** Shows another certificate to connections that come from now on. */
  renew(identity: Identity): void;
}

/** Opens a row. @throws {DoorError} */
export async function openComponentDoor(options: ComponentDoorOptions): Promise<ComponentDoor> {
  const door = new Door(options);
  await door.listen();
  return door;
}

/** A connection whose hello is still to come. */
interface Stranger {
  readonly socket: Socket;
  readonly helloBy: Milliseconds;
  readonly late: Disposable;
}

class Door implements ComponentDoor {
  readonly tls: boolean;
  readonly rpc: RpcServer;
  readonly #options: ComponentDoorOptions;
  readonly #refused: (reason: string) => void;
  readonly #gate: UpgradeGate;
  readonly #secure: TlsServer | undefined;
  /** By their far end. */
  readonly #strangers = new Map<string, Stranger>();
  /** By the socket that HTTP sees: the raw one, or the one inside TLS. */
  readonly #comings = new WeakMap<
    object,
    { readonly stranger: Stranger; readonly role: string | undefined }
  >();
  #lines: LineServer | undefined;
  #listener: Listener | undefined;

  constructor(options: ComponentDoorOptions) {
    const { clock, trace, drain, verify, identity } = options;
    this.#options = options;
    this.#refused = traceRefusals(options.row.id, clock, trace);
    this.tls = identity !== undefined;
    this.rpc = serveRpc({ verify, clock, drain, trace });
    this.#gate = openUpgradeGate({
      frameBytes: this.rpc.limits.frameBytes,
      allowsHost: (host) =>
        namesUs(host, { address: this.address, port: this.port, names: options.names }),
      refused: (reason) => this.#refused(reason),
      accept: (socket, request) => {
        const coming = this.#comings.get(request.socket);
        if (!coming) return socket.terminate();
        this.#known(peerOf(coming.stranger.socket), coming.stranger);
        this.rpc.accept(socket, coming.role, coming.stranger.helloBy);
      },
    });
    this.#secure = identity && this.#openTls(identity);
  }

  get address(): string {
    return this.#listener?.address ?? this.#options.place.address;
  }

  get port(): number {
    return this.#listener?.port ?? this.#options.place.port;
  }

  async listen(): Promise<void> {
    const { row, place, connections } = this.#options;
    const server = createServer(SOCKETS, (socket) => this.#accept(socket));
    this.#listener = await listenAt(row, place, server, connections);
  }

  lines(handler: LineListener | LineFeed): LineServer {
    const { clock, trace, verify, row } = this.#options;
    if (this.#lines) throw new Error(`Cannot take lines at "${row.id}": somebody does already`);
    const server = serveLines({ handler, verify, clock, trace });
    this.#lines = server;
    return {
      get sessions() {
        return server.sessions;
      },
      accept: (...given) => server.accept(...given),
      [Symbol.asyncDispose]: async () => {
        if (this.#lines === server) this.#lines = undefined;
        await server[Symbol.asyncDispose]();
      },
    };
  }

  renew(identity: Identity): void {
    this.#secure?.setSecureContext(secureServerOptions(identity));
  }

  #openTls(identity: Identity): TlsServer {
    const server = createTlsServer(secureServerOptions(identity));
    server.on('secureConnection', (socket) => {
      socket.on('error', () => socket.destroy());
      const stranger = this.#strangers.get(peerOf(socket));
      const role = roleOf(socket.getPeerCertificate());
      if (stranger && role !== undefined) {
        return firstBytes(socket, (wire) => this.#take(wire, socket, stranger, role));
      }
      this.#refused('a certificate that names no role');
      socket.destroy();
    });
    server.on('tlsClientError', (_error, socket) => {
      this.#refused('a TLS handshake that failed');
      socket.destroy();
    });
    return server;
  }

  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    const { clock } = this.#options;
    const within = this.rpc.limits.helloWithin;
    const late = clock.after(within, () => {
      this.#refused('a connection without a hello');
      socket.destroy();
    });
    const stranger: Stranger = { socket, helloBy: clock.monotonic() + within, late };
    const [oldest] = this.#strangers.values();
    if (oldest && this.#strangers.size >= STRANGERS) oldest.socket.destroy();
    const peer = peerOf(socket);
    this.#strangers.set(peer, stranger);
    socket.once('close', () => this.#known(peer, stranger));
    firstBytes(socket, (wire) => {
      const secure = this.#secure;
      if (!secure) return this.#take(wire, socket, stranger, undefined);
      if (wire === 'tls') return void secure.emit('connection', socket);
      if (wire !== 'nothing') this.#refused('plain text where TLS is spoken');
      socket.destroy();
    });
  }

  /** Hands a connection to what it speaks. */
  #take(wire: Wire, socket: Socket, stranger: Stranger, role: string | undefined): void {
    if (wire === 'web-socket') {
      this.#comings.set(socket, { stranger, role });
      this.#gate.take(socket);
      socket.resume();
    } else if (wire === 'lines' && this.#lines) {
      this.#known(peerOf(stranger.socket), stranger);
      this.#lines.accept(socket, role, stranger.helloBy);
      socket.resume();
    } else {
      if (wire !== 'nothing') this.#refused('a wire that is not spoken here');
      socket.destroy();
    }
  }

  /** From now on whoever took the connection over watches its hello. */
  #known(peer: string, stranger: Stranger): void {
    stranger.late[Symbol.dispose]();
    if (this.#strangers.get(peer) === stranger) this.#strangers.delete(peer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#listener?.close();
    for (const { socket } of this.#strangers.values()) socket.destroy();
    await Promise.all([this.rpc[Symbol.asyncDispose](), this.#lines?.[Symbol.asyncDispose]()]);
    this.#gate[Symbol.dispose]();
    await closed;
  }
}

/** Names the far end of a connection, the same for the raw socket and the one inside TLS. */
const peerOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;
