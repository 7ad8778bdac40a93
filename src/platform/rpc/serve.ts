import type { WebSocket } from 'ws';
import { z } from 'zod';
import { Refusal } from '#base/refusal.ts';
import { systemClock } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { RPC_LIMITS } from './limits.ts';
import type { RpcLimits } from './limits.ts';
import type { Service } from './service.ts';
import { Session } from './session.ts';
import { decodeFrame, encodeError, encodeResult } from './wire.ts';
import type { MessageId } from './wire.ts';

const Hello = z.object({
  token: z.string().max(1024).optional(),
  contract: z.string().max(128),
  version: z.int(),
});

/** Close code of RFC 6455 §7.4.1: the peer breaks a rule. */
const POLICY = 1008;

/** How long calls under way may take to finish when the server closes. */
const DRAIN: Milliseconds = 5_000;

export interface ServeRpcOptions {
  /** The role a token proves, or undefined if it proves none. */
  readonly verify: (token: string) => string | undefined;
  readonly trace?: Trace;
  readonly clock?: Clock;
  readonly limits?: Partial<RpcLimits>;
  /** How long calls under way may take to finish when the server closes; 5 s when left out. */
  readonly drain?: Milliseconds;
}

/** Serves contracts to WebSockets whose upgrade somebody else has checked and accepted. */
export interface RpcServer extends AsyncDisposable {
  /** Serves a contract until disposed; `roles` narrows who may come in. @throws {Error} If it is served already. */
  add(service: Service, roles?: readonly string[]): AsyncDisposable;
  /**
   * Takes a connection over. `role` is what its certificate proved; without one the hello must bring a token.
   *
   * @param helloBy Until when the hello must come, on the monotonic clock.
   */
  accept(socket: WebSocket, role?: string, helloBy?: Milliseconds): void;
  /** Connections that have said a sound hello. */
  readonly sessions: number;
  readonly limits: RpcLimits;
}

interface Entry {
  readonly service: Service;
  readonly roles: ReadonlySet<string> | undefined;
  readonly sessions: Set<Session>;
}

/** Opens a server without contracts; `add` them, made by `serviceOf`. */
export function serveRpc(options: ServeRpcOptions): RpcServer {
  return new Server(options);
}

class Server implements RpcServer {
  readonly limits: RpcLimits;
  readonly #options: ServeRpcOptions;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #sessions = new Set<Session>();
  readonly #strangers = new Set<WebSocket>();
  #beat: Disposable | undefined;
  #closed = false;

  constructor(options: ServeRpcOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.limits = { ...RPC_LIMITS, ...options.limits };
    this.#scheduleBeat();
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  add(service: Service, roles?: readonly string[]): AsyncDisposable {
    const { contract } = service;
    if (this.#entries.has(contract.name)) {
      throw new Error(`Cannot serve "${contract.name}": it is served here already`);
    }
    const entry: Entry = { service, roles: roles && new Set(roles), sessions: new Set() };
    this.#entries.set(contract.name, entry);
    return {
      [Symbol.asyncDispose]: async () => {
        if (this.#entries.get(contract.name) !== entry) return;
        this.#entries.delete(contract.name);
        await this.#drain(entry.sessions);
      },
    };
  }

  accept(socket: WebSocket, role?: string, helloBy?: Milliseconds): void {
    socket.on('error', () => socket.terminate()); // too large, not UTF-8, reset: all end the session
    if (this.#closed) return socket.close(POLICY, 'closing');
    this.#strangers.add(socket);
    const within =
      helloBy === undefined ? this.limits.helloWithin : helloBy - this.#clock.monotonic();
    const late = this.#clock.after(within, () => socket.terminate());
    const settle = (): void => {
      late[Symbol.dispose]();
      this.#strangers.delete(socket);
      socket.off('close', settle);
    };
    socket.once('close', settle);
    socket.once('message', (data: Buffer, isBinary: boolean) => {
      settle();
      this.#welcome(socket, isBinary ? '' : data.toString(), role);
    });
  }

  #welcome(socket: WebSocket, frame: string, proven: string | undefined): void {
    let id: MessageId | undefined;
    try {
      const [message, ...more] = decodeFrame(frame);
      const params = Hello.safeParse(message?.params);
      id = message?.id;
      if (id === undefined || message?.method !== 'rpc.hello' || !params.success || more.length) {
        throw new Refusal('no-hello', 'The first message must be rpc.hello');
      }
      const role = proven ?? this.#prove(params.data.token);
      const entry = this.#entry(params.data, role);
      const session = new Session(socket, {
        service: entry.service,
        role,
        clock: this.#clock,
        limits: this.limits,
      });
      void this.#keep(session, entry);
      const { name, version } = entry.service.contract;
      const { frameBytes, callsInFlight, streams } = this.limits;
      const welcome = {
        role,
        contract: name,
        version,
        limits: { frameBytes, callsInFlight, streams },
      };
      socket.send(encodeResult(id, JSON.stringify(welcome)));
    } catch (error) {
      this.#turnAway(socket, id, error);
    }
  }

  async #keep(session: Session, entry: Entry): Promise<void> {
    entry.sessions.add(session);
    this.#sessions.add(session);
    await session.ended;
    entry.sessions.delete(session);
    this.#sessions.delete(session);
  }

  #turnAway(socket: WebSocket, id: MessageId | undefined, error: unknown): void {
    const known =
      error instanceof Refusal
        ? error
        : new Refusal('no-hello', 'The first message must be rpc.hello');
    this.#options.trace?.warning('rpc.turned-away', { code: known.code, reason: known.message });
    if (id !== undefined) socket.send(encodeError(id, known));
    socket.close(POLICY, known.code);
  }

  #prove(token: string | undefined): string {
    const role = token === undefined ? undefined : this.#options.verify(token);
    if (role === undefined) throw new Refusal('unauthorized', 'The token proves no role');
    return role;
  }

  #entry(hello: z.infer<typeof Hello>, role: string): Entry {
    const entry = this.#entries.get(hello.contract);
    if (!entry) throw new Refusal('unknown-contract', `"${hello.contract}" is not served here`);
    const { name, version } = entry.service.contract;
    if (entry.roles && !entry.roles.has(role)) {
      throw new Refusal('forbidden', `The role "${role}" may not use "${name}" here`);
    }
    if (version !== hello.version) {
      const text = `"${name}" is served in version ${version}, not ${hello.version}`;
      throw new Refusal('version-mismatch', text, { served: version });
    }
    return entry;
  }

  #scheduleBeat(): void {
    this.#beat = this.#clock.after(this.limits.beatEvery, () => {
      const now = this.#clock.monotonic();
      for (const session of this.#sessions) session.beat(now);
      this.#scheduleBeat();
    });
  }

  async #drain(sessions: ReadonlySet<Session>): Promise<void> {
    const leaving = [...sessions];
    for (const session of leaving) session.drain();
    const late = this.#clock.after(this.#options.drain ?? DRAIN, () => {
      for (const session of leaving) session.terminate();
    });
    await Promise.all(leaving.map((session) => session.ended));
    late[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#beat?.[Symbol.dispose]();
    for (const socket of this.#strangers) socket.terminate();
    await this.#drain(this.#sessions);
  }
}
