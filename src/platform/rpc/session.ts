import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { CallFailure } from '#base/call-failure.ts';
import type { Refusal } from '#base/refusal.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { Deadlines } from './deadlines.ts';
import type { RpcLimits } from './limits.ts';
import { Outbox } from './outbox.ts';
import { PendingCall } from './pending-call.ts';
import type { Service } from './service.ts';
import { StreamPump } from './stream-pump.ts';
import {
  asAnswer,
  BrokenFrameError,
  decodeFrame,
  encodeError,
  encodeNotice,
  encodeResult,
} from './wire.ts';
import type { Message, MessageId } from './wire.ts';

const Cancel = z.object({ id: z.union([z.number(), z.string()]) });
const Read = z.object({ id: z.union([z.number(), z.string()]), count: z.int().positive() });
const Follow = z.object({
  stream: z.string(),
  params: z.unknown().optional(),
  since: z.unknown().optional(),
});

/** Close codes of RFC 6455 §7.4.1 that we use. */
const UNSUPPORTED = 1003;
const POLICY = 1008;

export interface SessionOptions {
  readonly service: Service;
  readonly role: string;
  readonly clock: Clock;
  readonly limits: RpcLimits;
}

/** The server's side of one connection, from its accepted hello to its end. */
export class Session {
  readonly #socket: WebSocket;
  readonly #options: SessionOptions;
  readonly #outbox: Outbox;
  readonly #calls = new Map<MessageId, PendingCall>();
  readonly #streams = new Map<MessageId, StreamPump>();
  readonly #deadlines: Deadlines;
  readonly #ended = Promise.withResolvers<void>();
  #heardAt: Milliseconds;
  #draining = false;

  constructor(socket: WebSocket, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#outbox = new Outbox(socket);
    this.#deadlines = new Deadlines(options.clock, (now) => this.#expire(now));
    this.#heardAt = options.clock.monotonic();
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('pong', () => this.#heard());
    socket.on('ping', () => this.#heard());
    socket.on('close', () => this.#end());
  }

  /** Resolves when the socket is closed and everything of it aborted. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Ends a silent peer, asks a quiet one for a sign of life. Called every beat. */
  beat(now: Milliseconds): void {
    const quiet = now - this.#heardAt;
    if (quiet >= this.#options.limits.silence) this.#socket.terminate();
    else if (quiet >= this.#options.limits.beatEvery / 2)
      this.#socket.ping(undefined, undefined, ignore);
  }

  /**
   * Takes no new calls and lets those under way finish; the client closes once it has their answers. So a
   * call that crosses the announcement is told that nothing was begun. Streams end at once: they resume.
   */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#outbox.push(encodeNotice('rpc.closing', {}));
    for (const stream of this.#streams.values()) stream.stop();
    this.#streams.clear();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.monotonic();
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return; // it is being ended for a broken frame
    this.#heard();
    if (isBinary) return this.#socket.close(UNSUPPORTED, 'text frames only');
    try {
      for (const message of decodeFrame(textOf(data))) this.#dispatch(message);
    } catch (error) {
      if (!(error instanceof BrokenFrameError)) throw error;
      this.#socket.close(POLICY, error.message);
    }
    this.#holdBackSlowReader();
  }

  /** Whoever does not fetch answers gets no further calls in; silence then ends the connection. */
  #holdBackSlowReader(): void {
    const { unsentBytes } = this.#options.limits;
    if (this.#outbox.unsentBytes <= unsentBytes || this.#socket.isPaused) return;
    this.#socket.pause();
    this.#outbox.whenBelow(unsentBytes / 2, () => this.#socket.resume());
  }

  #dispatch(message: Message): void {
    const { id, method } = message;
    if (method === undefined) throw new BrokenFrameError('Cannot read a message: it has no method');
    if (id === undefined) return this.#notice(method, message.params);
    if (this.#calls.has(id) || this.#streams.has(id)) {
      throw new BrokenFrameError('Cannot start a call: its id is in use');
    }
    if (this.#draining)
      return this.#refuse(id, new CallFailure('unavailable', 'This server is closing'));
    if (method === 'rpc.follow') return this.#follow(id, message.params);
    this.#call(id, method, message);
  }

  #notice(method: string, params: unknown): void {
    if (method === 'rpc.cancel') {
      const { id } = sound(Cancel, params);
      this.#calls.get(id)?.abort(new CallFailure('closed', 'The caller gave up'));
      this.#calls.delete(id);
      this.#streams.get(id)?.stop();
      this.#streams.delete(id);
    } else if (method === 'rpc.read') {
      const { id, count } = sound(Read, params);
      this.#streams.get(id)?.read(count);
    } else {
      throw new BrokenFrameError('Cannot take a message: it is a call without an id');
    }
  }

  #call(id: MessageId, method: string, { params, timeout }: Message): void {
    const { limits, clock, role, service } = this.#options;
    if (this.#calls.size >= limits.callsInFlight) {
      const text = `This connection has ${limits.callsInFlight} calls under way already`;
      return this.#refuse(id, new CallFailure('busy', text));
    }
    const deadline = clock.monotonic() + Math.min(timeout ?? Infinity, limits.longestCall);
    const call = new PendingCall(role, deadline);
    this.#calls.set(id, call);
    this.#deadlines.note(deadline);
    service.call(method, params, call).then(
      (result) => this.#answer(id, call, encodeResult(id, result)),
      (error: unknown) => this.#answer(id, call, encodeError(id, asAnswer(error))),
    );
  }

  #answer(id: MessageId, call: PendingCall, text: string): void {
    if (this.#calls.get(id) !== call) return; // cancelled, or too late
    this.#calls.delete(id);
    this.#push(id, text);
  }

  #push(id: MessageId, text: string): void {
    const { frameBytes } = this.#options.limits;
    if (text.length * 3 > frameBytes && Buffer.byteLength(text) > frameBytes) {
      const bound = `The answer is over the ${frameBytes} bytes that one message may have`;
      this.#outbox.push(encodeError(id, new CallFailure('too-large', bound)));
    } else {
      this.#outbox.push(text);
    }
  }

  #refuse(id: MessageId, error: Refusal | CallFailure): void {
    this.#outbox.push(encodeError(id, error));
  }

  #follow(id: MessageId, params: unknown): void {
    const { limits, role, service } = this.#options;
    const { stream, params: given, since } = sound(Follow, params);
    if (this.#streams.size >= limits.streams) {
      const text = `This connection follows ${limits.streams} streams already`;
      return this.#refuse(id, new CallFailure('busy', text));
    }
    const call = new PendingCall(role, Infinity);
    try {
      const events = service.follow(stream, { params: given, since }, call);
      const pump = new StreamPump({ id, events, call, outbox: this.#outbox, limits });
      this.#streams.set(id, pump);
      void this.#run(id, pump);
    } catch (error) {
      this.#refuse(id, asAnswer(error));
    }
  }

  async #run(id: MessageId, pump: StreamPump): Promise<void> {
    const last = await pump.run();
    if (this.#streams.get(id) !== pump) return; // cancelled
    this.#streams.delete(id);
    this.#outbox.push(last);
  }

  #expire(now: Milliseconds): Milliseconds {
    let next: Milliseconds = Infinity;
    for (const [id, call] of this.#calls) {
      if (call.deadline > now) {
        next = Math.min(next, call.deadline);
        continue;
      }
      const failure = new CallFailure('timeout', 'The deadline passed before there was an answer');
      this.#answer(id, call, encodeError(id, failure));
      call.abort(failure);
    }
    return next;
  }

  #end(): void {
    this.#deadlines[Symbol.dispose]();
    const reason = new CallFailure('connection-lost', 'The caller is gone');
    for (const call of this.#calls.values()) call.abort(reason);
    for (const stream of this.#streams.values()) stream.stop();
    this.#calls.clear();
    this.#streams.clear();
    this.#ended.resolve();
  }
}

function sound<T>(schema: z.ZodType<T>, params: unknown): T {
  const parsed = schema.safeParse(params);
  if (!parsed.success)
    throw new BrokenFrameError('Cannot take a message: its params are not sound');
  return parsed.data;
}

/** `ws` hands a message over as one Buffer unless its binaryType is changed. */
const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString() : '');

const ignore = (): void => undefined;
