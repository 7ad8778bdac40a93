import type { ConnectionOptions } from 'node:tls';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { CallFailure } from '#base/call-failure.ts';
import type { Refusal } from '#base/refusal.ts';
import type { ContractDefinition } from '#base/contract.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { EventQueue } from './event-queue.ts';
import type { RpcLimits } from './limits.ts';
import { Outbox } from './outbox.ts';
import { BrokenFrameError, decodeError, decodeFrame, encodeCall, encodeNotice } from './wire.ts';
import type { Message } from './wire.ts';

/** Where a contract is served, and how to prove who calls. */
export interface RpcAddress {
  /** `ws://127.0.0.1:29087` or `wss://director.example:39087`. */
  readonly url: string;
  /** Proves the role on a plain connection. */
  readonly token?: string;
  /** Proves the role on a TLS connection, and checks the server's. */
  readonly tls?: ConnectionOptions;
  /** There is another address to try should this one turn us away. */
  readonly hasAlternative?: boolean;
}

/** A call that was sent, or waits for a connection. */
export interface OutgoingCall {
  readonly method: string;
  /** As JSON. */
  readonly params: string | undefined;
  readonly idempotent: boolean;
  /** On the monotonic clock. */
  readonly deadline: Milliseconds;
  /** True once a connection carried it: from then on it may have happened. */
  wasSent?: boolean;
  readonly answer: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
}

export interface DialOptions {
  readonly contract: ContractDefinition;
  readonly address: RpcAddress;
  readonly clock: Clock;
  readonly limits: RpcLimits;
  /** The server closes and did not take this call: it may go out on the next connection. */
  readonly later: (call: OutgoingCall) => void;
  /** There was no room for another call, and now there is. */
  readonly room: () => void;
  /** The server has not answered for a while; told again and again until it does. */
  readonly doubtful: () => void;
}

const Welcome = z.object({
  role: z.string(),
  limits: z.object({ frameBytes: z.int(), callsInFlight: z.int().min(1) }),
});

const Event = z.object({ id: z.number(), event: z.unknown(), cursor: z.unknown().optional() });

const HELLO_ID = 0;

/** Close codes of RFC 6455 §7.4.1 that we use. */
const NORMAL = 1000;
const POLICY = 1008;

/** The client's side of one connection. It lives once: what follows a loss is the owner's business. */
export class Connection implements Disposable {
  readonly #socket: WebSocket;
  readonly #options: DialOptions;
  readonly #outbox: Outbox;
  readonly #calls = new Map<number, OutgoingCall>();
  readonly #streams = new Map<number, RemoteStream>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #methods = new Map<string, string>();
  /** The server's, once it has welcomed us. */
  #limits: z.infer<typeof Welcome>['limits'] | undefined;
  #lastId = HELLO_ID;
  #heardAt: Milliseconds;
  /** For the one thing that is waited for: the welcome, the next beat, or the goodbye. */
  #timer: Disposable | undefined;
  /** Why the connection is about to end, where the close itself will not say. */
  #reason: Error | undefined;
  #refused: Refusal | CallFailure | undefined;
  #closing = false;

  constructor(options: DialOptions) {
    const { address, limits, clock } = options;
    this.#options = options;
    this.#ready.promise.catch(() => undefined); // whoever waits for it hears of it
    this.#socket = new WebSocket(address.url, {
      ...address.tls,
      maxPayload: limits.frameBytes,
      perMessageDeflate: false,
      handshakeTimeout: limits.helloWithin,
      followRedirects: false,
    });
    this.#outbox = new Outbox(this.#socket);
    this.#heardAt = clock.monotonic();
    this.#socket.on('open', () => this.#hello());
    this.#socket.on('message', (data: Buffer) => this.#take(data));
    this.#socket.on('ping', () => this.#heard());
    this.#socket.on('pong', () => this.#heard());
    this.#socket.on('unexpected-response', (request, response) => {
      this.#reason ??= new Error(`the server answered with status ${response.statusCode}`);
      request.destroy();
      this.#socket.terminate();
    });
    this.#socket.on('error', (error) => (this.#reason ??= error));
    this.#socket.on('close', (code, reason) => this.#end(code, reason.toString()));
  }

  /**
   * Resolves when calls can be sent.
   *
   * @throws {Refusal} If the server turned us away.
   * @throws {CallFailure} `unavailable`.
   */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves when the connection is over. Calls without an answer are in `takeUnanswered`. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** False from when the server announces its end: nothing new is begun then. */
  get isOpen(): boolean {
    return !this.#closing && !this.#isOver;
  }

  /** The server said that it would end: it restarts in order, and is back soon. */
  get wasAnnounced(): boolean {
    return this.#closing;
  }

  get hasRoom(): boolean {
    return this.isOpen && this.#calls.size < (this.#limits?.callsInFlight ?? 0);
  }

  send(call: OutgoingCall, now: Milliseconds): void {
    const id = ++this.#lastId;
    const method = this.#methods.get(call.method) ?? this.#remember(call.method);
    const text = encodeCall(id, method, call.params, call.deadline - now);
    if (this.#isTooLarge(text)) {
      const bound = `The call is over the ${this.#frameBytes} bytes that one message may have`;
      return call.fail(new CallFailure('too-large', bound));
    }
    call.wasSent = true;
    this.#calls.set(id, call);
    this.#outbox.push(text);
  }

  /** Fails what is due by `now`; returns the earliest deadline left. The server keeps its own count. */
  expire(now: Milliseconds): Milliseconds {
    let next: Milliseconds = Infinity;
    for (const [id, call] of this.#calls) {
      if (call.deadline > now) {
        next = Math.min(next, call.deadline);
        continue;
      }
      this.#calls.delete(id);
      call.fail(new CallFailure('timeout', `"${call.method}" was not answered in time`));
    }
    return next;
  }

  /** Tells the server that nobody waits for `call` any more. */
  cancel(call: OutgoingCall): void {
    for (const [id, sent] of this.#calls) {
      if (sent !== call) continue;
      this.#calls.delete(id);
      this.#outbox.push(encodeNotice('rpc.cancel', { id }));
    }
  }

  /** The calls that were sent and not answered when the connection ended. */
  takeUnanswered(): readonly OutgoingCall[] {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    return calls;
  }

  /** Follows a stream on this connection. */
  open(
    stream: string,
    request: { readonly params: unknown; readonly since: unknown },
  ): RemoteStream {
    const id = ++this.#lastId;
    const remote = new RemoteStream(id, this.#outbox, () => this.#streams.delete(id));
    const text = encodeCall(id, '"rpc.follow"', JSON.stringify({ stream, ...request }));
    if (this.#isTooLarge(text)) {
      remote.queue.end(new CallFailure('too-large', `The request for "${stream}" is too large`));
    } else if (this.#isOver) {
      remote.queue.end(this.lost());
    } else {
      this.#streams.set(id, remote);
      this.#outbox.push(text);
    }
    return remote;
  }

  /** Gives it up at once: whoever is there does not answer, and another does. */
  leave(): void {
    this.#reason ??= new Error('the server was silent, and another is in its place');
    this.#socket.terminate();
  }

  /** Says goodbye. What has no answer yet gets none. */
  [Symbol.dispose](): void {
    this.#outbox.flush();
    this.#reason ??= new Error('the client was disposed');
    if (this.#socket.readyState === WebSocket.CONNECTING) return this.#socket.terminate();
    this.#socket.close(NORMAL);
    const { clock, limits } = this.#options;
    this.#timer?.[Symbol.dispose]();
    this.#timer = clock.after(limits.helloWithin, () => this.#socket.terminate());
  }

  #hello(): void {
    const { contract, address, clock, limits } = this.#options;
    const hello = { token: address.token, contract: contract.name, version: contract.version };
    this.#socket.send(encodeCall(HELLO_ID, '"rpc.hello"', JSON.stringify(hello)));
    this.#timer = clock.after(limits.helloWithin, () => {
      this.#reason ??= new Error('the server did not answer the hello');
      this.#socket.terminate();
    });
  }

  #welcomed(message: Message | undefined): void {
    if (message?.error) {
      this.#refused = decodeError(message.error);
      this.#socket.close(NORMAL);
      return;
    }
    const welcome = Welcome.safeParse(message?.result);
    if (message?.id !== HELLO_ID || !welcome.success) {
      throw new BrokenFrameError('Cannot understand the answer to the hello');
    }
    this.#limits = welcome.data.limits;
    this.#timer?.[Symbol.dispose]();
    this.#scheduleBeat();
    this.#ready.resolve();
  }

  #take(data: Buffer): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return; // it is being ended for a broken frame
    this.#heard();
    try {
      const messages = decodeFrame(data.toString());
      if (!this.#limits) return this.#welcomed(messages[0]);
      for (const message of messages) {
        if (message.method === 'rpc.event') this.#event(message.params);
        else if (message.method === 'rpc.closing') this.#closeWhenAnswered();
        else if (typeof message.id === 'number') this.#answer(message.id, message);
      }
    } catch (error) {
      if (!(error instanceof BrokenFrameError)) throw error;
      this.#reason ??= error;
      this.#socket.close(POLICY, 'broken frame');
    }
  }

  #answer(id: number, message: Message): void {
    const call = this.#calls.get(id);
    if (call) {
      const wasFull = !this.hasRoom;
      this.#calls.delete(id);
      if (message.error) this.#failed(call, decodeError(message.error));
      else call.answer(message.result);
      if (this.#closing) this.#closeWhenAnswered();
      else if (wasFull) this.#options.room();
      return;
    }
    const stream = this.#streams.get(id);
    if (!stream) return; // cancelled, or answered after its deadline
    this.#streams.delete(id);
    stream.queue.end(message.error && decodeError(message.error));
  }

  /** The server is about to end: nothing more is begun, and it is left as soon as it owes us nothing. */
  #closeWhenAnswered(): void {
    this.#closing = true;
    if (this.#calls.size > 0) return;
    this.#reason ??= new Error('the server closed');
    this.#outbox.flush();
    this.#socket.close(NORMAL);
  }

  #failed(call: OutgoingCall, error: Refusal | CallFailure): void {
    if (this.#closing && error instanceof CallFailure && error.code === 'unavailable') {
      call.wasSent = false;
      this.#options.later(call);
    } else {
      call.fail(error);
    }
  }

  #event(params: unknown): void {
    const parsed = Event.safeParse(params);
    if (!parsed.success) throw new BrokenFrameError('Cannot take an event: it is not sound');
    const queue = this.#streams.get(parsed.data.id)?.queue;
    if (!queue) return; // no longer wanted
    if (queue.length > this.#options.limits.unreadEvents) {
      throw new BrokenFrameError('Cannot take an event: more came than were asked for');
    }
    queue.push({ event: parsed.data.event, cursor: parsed.data.cursor });
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.monotonic();
  }

  #scheduleBeat(): void {
    const { clock, limits, doubtful } = this.#options;
    const every = Math.min(limits.beatEvery, limits.doubtAfter / 2);
    this.#timer = clock.after(every, () => {
      const quiet = clock.monotonic() - this.#heardAt;
      if (quiet >= limits.silence) {
        this.#reason ??= new Error(`the server was silent for ${quiet} ms`);
        return this.#socket.terminate();
      }
      if (quiet >= every / 2) this.#socket.ping(undefined, undefined, () => undefined);
      if (quiet >= limits.doubtAfter) doubtful();
      this.#scheduleBeat();
    });
  }

  #remember(method: string): string {
    const json = JSON.stringify(method);
    this.#methods.set(method, json);
    return json;
  }

  get #frameBytes(): number {
    return Math.min(this.#options.limits.frameBytes, this.#limits?.frameBytes ?? Infinity);
  }

  #isTooLarge(text: string): boolean {
    const bound = this.#frameBytes;
    return text.length * 3 > bound && Buffer.byteLength(text) > bound;
  }

  get #isOver(): boolean {
    return this.#socket.readyState !== WebSocket.OPEN;
  }

  /** What became of the calls that this connection carried. */
  lost(): CallFailure {
    const { contract, address } = this.#options;
    const why = this.#reason ? `: ${this.#reason.message}` : '';
    const code = this.#limits ? 'connection-lost' : 'unavailable';
    const verb = this.#limits ? 'Lost the connection to' : 'Cannot reach';
    return new CallFailure(code, `${verb} "${contract.name}" at ${address.url}${why}`, {
      cause: this.#reason,
    });
  }

  #end(code: number, reason: string): void {
    this.#timer?.[Symbol.dispose]();
    this.#reason ??= new Error(`closed with ${code}${reason && ` (${reason})`}`);
    this.#ready.reject(this.#refused ?? this.lost());
    for (const stream of this.#streams.values()) stream.queue.end(this.lost());
    this.#streams.clear();
    this.#ended.resolve();
  }
}

/** A stream on one connection. */
export class RemoteStream {
  readonly queue = new EventQueue();
  readonly #id: number;
  readonly #outbox: Outbox;
  readonly #forget: () => boolean;
  #unreported = 0;

  constructor(id: number, outbox: Outbox, forget: () => boolean) {
    this.#id = id;
    this.#outbox = outbox;
    this.#forget = forget;
  }

  /** The reader took one event. Reports are collected: one per stream and turn of the event loop. */
  read(): void {
    this.#unreported++;
    if (this.#unreported > 1) return;
    setImmediate(() => {
      this.#outbox.push(encodeNotice('rpc.read', { id: this.#id, count: this.#unreported }));
      this.#unreported = 0;
    });
  }

  /** The reader wants no more. */
  stop(): void {
    if (this.#forget()) this.#outbox.push(encodeNotice('rpc.cancel', { id: this.#id }));
    this.queue.end();
  }
}
