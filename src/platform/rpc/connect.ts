import { CallFailure } from '#base/call-failure.ts';
import type { CallOptions, Client, ContractDefinition, StreamItem } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { systemClock } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { backOff, sleep } from '#base/back-off.ts';
import { clientOver } from './client.ts';
import type { Carrier, OpenRequest } from './client.ts';
import { Connection } from './connection.ts';
import type { OutgoingCall, RpcAddress } from './connection.ts';
import { Deadlines } from './deadlines.ts';
import { decodersOf } from './decoders.ts';
import type { Decoders } from './decoders.ts';
import { DEFAULT_TIMEOUT, RPC_LIMITS } from './limits.ts';
import type { RpcLimits } from './limits.ts';

export type { RpcAddress } from './connection.ts';

export interface ConnectOptions {
  readonly clock?: Clock;
  readonly trace?: Trace;
  readonly limits?: Partial<RpcLimits>;
  readonly random?: () => number;
}

/** A connection that lasted this long was sound. */
const SOUND: Milliseconds = 10_000;

/**
 * Why the last address led to no connection: nobody answered there, or whoever did turned us away; or there
 * is a connection, and whoever is at its other end says nothing any more.
 */
export type LastFailure = 'failed' | 'turned-away' | 'silent';

/**
 * An address, or how to find it: asked anew for every connection, because components move. `last` says what
 * was wrong with the address it gave last, if anything.
 */
export type AddressSource =
  | RpcAddress
  | ((signal: AbortSignal, last: LastFailure | undefined) => Promise<RpcAddress>);

/**
 * A client of a contract served elsewhere. It connects when first used and again whenever the
 * connection is lost and somebody needs it; calls wait for that within their deadline.
 *
 * A call whose connection broke is repeated if its method is idempotent; else it fails with
 * `connection-lost`. Streams go on behind the last cursor by themselves.
 */
export function connectRpc<C extends ContractDefinition>(
  contract: C,
  address: AddressSource,
  options: ConnectOptions = {},
): Client<C> {
  const clock = options.clock ?? systemClock;
  return clientOver(contract, new RpcCarrier(contract, address, options), clock);
}

interface Waiter {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
}

/** Carries calls over one connection at a time. */
export class RpcCarrier implements Carrier {
  readonly #contract: ContractDefinition;
  readonly #source: AddressSource;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  readonly #limits: RpcLimits;
  readonly #decoders: Decoders;
  readonly #deadlines: Deadlines;
  readonly #life = new AbortController();
  /** Calls without a connection or without room on it, oldest first. */
  #waiting = new Set<OutgoingCall>();
  readonly #readers = new Set<Waiter>();
  #connection: Connection | undefined;
  #dialing: Connection | undefined;
  #connecting = false;
  /** Attempts and short-lived connections in a row; the delay before the next grows with it. */
  #failures = 0;
  #lastFailure: Error | undefined;
  #isDoubting = false;
  /** What was wrong with the address that the source gave last. */
  #lastAddress: LastFailure | undefined;

  constructor(contract: ContractDefinition, source: AddressSource, options: ConnectOptions = {}) {
    this.#contract = contract;
    this.#source = source;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#limits = { ...RPC_LIMITS, ...options.limits };
    this.#decoders = decodersOf(contract);
    this.#deadlines = new Deadlines(this.#clock, (now) => this.#expire(now));
  }

  call(name: string, params: unknown, options: CallOptions | undefined): Promise<unknown> {
    const method = this.#contract.methods[name];
    const { signal } = this.#life;
    if (signal.aborted) return Promise.reject(signal.reason);
    if (options?.signal?.aborted) return Promise.reject(options.signal.reason);
    if (!method) return Promise.reject(new TypeError(`Cannot call "${name}": no such method`));
    return new Promise((resolve, reject) => {
      const now = this.#clock.monotonic();
      const timeout = options?.timeout ?? DEFAULT_TIMEOUT;
      const deadline = now + Math.min(timeout, this.#limits.longestCall);
      const call: OutgoingCall = {
        method: name,
        params: params === undefined ? undefined : JSON.stringify(params),
        idempotent: method.idempotent === true,
        deadline,
        answer: (result) => this.#settle(name, result, resolve, reject),
        fail: reject,
      };
      this.#deadlines.note(deadline);
      this.#send(
        options?.signal ? this.#abortable(call, options.signal, resolve, reject) : call,
        now,
      );
    });
  }

  #settle(
    name: string,
    result: unknown,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    try {
      resolve(this.#decoders.results.get(name)?.(result));
    } catch (error) {
      reject(error);
    }
  }

  #abortable(
    call: OutgoingCall,
    signal: AbortSignal,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): OutgoingCall {
    const giveUp = (): void => {
      this.#waiting.delete(tied);
      this.#connection?.cancel(tied);
      reject(signal.reason);
    };
    const free = (): void => signal.removeEventListener('abort', giveUp);
    const tied: OutgoingCall = {
      ...call,
      answer: (result) => (free(), call.answer(result)),
      fail: (error) => (free(), call.fail(error)),
    };
    signal.addEventListener('abort', giveUp, { once: true });
    return tied;
  }

  #send(call: OutgoingCall, now: Milliseconds): void {
    if (this.#connection?.hasRoom && this.#waiting.size === 0) {
      return this.#connection.send(call, now);
    }
    if (this.#waiting.size >= this.#limits.callsWaiting) {
      const text = `${this.#waiting.size} calls wait for "${this.#contract.name}" already`;
      return call.fail(new CallFailure('busy', text));
    }
    this.#waiting.add(call);
    this.#need();
  }

  async *open(
    name: string,
    request: OpenRequest,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<unknown>> {
    const { events, cursors } = this.#decoders;
    const connection = await this.#connected(signal);
    const remote = connection.open(name, request);
    const stop = (): void => remote.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        const item = await remote.queue.next();
        if (!item || signal.aborted) return;
        remote.read();
        yield { event: events.get(name)?.(item.event), cursor: cursors.get(name)?.(item.cursor) };
      }
    } finally {
      signal.removeEventListener('abort', stop);
      remote.stop();
    }
  }

  /** The connection, once there is one. @throws The reason of `signal`, or `CallFailure`. */
  #connected(signal: AbortSignal): Promise<Connection> {
    if (this.#life.signal.aborted) return Promise.reject(this.#life.signal.reason);
    if (this.#connection?.isOpen) return Promise.resolve(this.#connection);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#readers.delete(waiter);
        reject(signal.reason);
      };
      const free = (): void => signal.removeEventListener('abort', giveUp);
      const waiter: Waiter = {
        resolve: (connection) => (free(), resolve(connection)),
        reject: (error) => (free(), reject(error)),
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#readers.add(waiter);
      this.#need();
    });
  }

  get #isNeeded(): boolean {
    return !this.#life.signal.aborted && (this.#waiting.size > 0 || this.#readers.size > 0);
  }

  #need(): void {
    if (this.#connection || this.#connecting || !this.#isNeeded) return;
    this.#connecting = true;
    void this.#connect().finally(() => {
      this.#connecting = false;
      this.#need(); // somebody may have come while the last attempt was being given up
    });
  }

  /** Tries until it is connected or nobody needs it any more. Never rejects. */
  async #connect(): Promise<void> {
    const { random } = this.#options;
    while (this.#isNeeded && !this.#connection) {
      if (this.#failures > 0) {
        await sleep(this.#clock, backOff(this.#failures, random), this.#life.signal);
        if (!this.#isNeeded) return;
      }
      let address: RpcAddress | undefined;
      try {
        address = await this.#address();
        this.#welcomed(await this.#dial(address));
        this.#lastAddress = undefined;
      } catch (error) {
        this.#failures++;
        this.#lastAddress = address && (isTurnedAway(error) ? 'turned-away' : 'failed');
        this.#failed(error, address?.hasAlternative === true);
      }
    }
  }

  async #address(): Promise<RpcAddress> {
    const source = this.#source;
    if (typeof source !== 'function') return source;
    return source(this.#life.signal, this.#lastAddress);
  }

  async #dial(address: RpcAddress): Promise<Connection> {
    this.#life.signal.throwIfAborted();
    const connection = new Connection({
      contract: this.#contract,
      address,
      clock: this.#clock,
      limits: this.#limits,
      later: (call) => this.#send(call, this.#clock.monotonic()),
      room: () => this.#fill(),
      doubtful: () => void this.#doubt(connection, address.url),
    });
    this.#dialing = connection;
    try {
      await connection.ready;
      return connection;
    } finally {
      this.#dialing = undefined;
    }
  }

  /** Nobody answers at `url`: if the component is in office elsewhere by now, that is where we belong. */
  async #doubt(connection: Connection, url: string): Promise<void> {
    const source = this.#source;
    if (this.#isDoubting || typeof source !== 'function') return;
    this.#isDoubting = true;
    const other = await source(this.#life.signal, 'silent').catch(() => undefined);
    this.#isDoubting = false;
    if (!other || other.url === url || this.#connection !== connection) return;
    this.#lastAddress = 'silent'; // look everywhere, not only where it was found
    connection.leave();
  }

  #welcomed(connection: Connection): void {
    this.#connection = connection;
    this.#lastFailure = undefined;
    void this.#follow(connection);
    this.#fill();
    const readers = [...this.#readers];
    this.#readers.clear();
    for (const reader of readers) reader.resolve(connection);
  }

  /** Sends what waits, as far as there is room. */
  #fill(): void {
    const connection = this.#connection;
    const now = this.#clock.monotonic();
    for (const call of this.#waiting) {
      if (!connection?.hasRoom) return;
      this.#waiting.delete(call);
      connection.send(call, now);
    }
  }

  async #follow(connection: Connection): Promise<void> {
    const since = this.#clock.monotonic();
    await connection.ended;
    const lasted = this.#clock.monotonic() - since;
    this.#failures = lasted >= SOUND || connection.wasAnnounced ? 1 : this.#failures + 1;
    this.#connection = undefined;
    const again: OutgoingCall[] = [];
    for (const call of connection.takeUnanswered()) {
      if (call.idempotent && !this.#life.signal.aborted) again.push(call);
      else call.fail(connection.lost());
    }
    this.#lastFailure = connection.lost();
    this.#waiting = new Set([...again, ...this.#waiting]); // the oldest first, as before
    this.#need();
  }

  /** An attempt failed. Who was turned away everywhere would be so again: callers hear it at once. */
  #failed(error: unknown, hasAlternative: boolean): void {
    const name = this.#contract.name;
    this.#lastFailure = error instanceof Error ? error : new Error(String(error));
    if (!isTurnedAway(error) || hasAlternative) return;
    this.#options.trace?.warning('rpc.turned-away', { contract: name, code: error.code }, error);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const call of waiting) call.fail(error);
  }

  #expire(now: Milliseconds): Milliseconds {
    let next = this.#connection?.expire(now) ?? Infinity;
    for (const call of this.#waiting) {
      if (call.deadline > now) {
        next = Math.min(next, call.deadline);
        continue;
      }
      this.#waiting.delete(call);
      call.fail(this.#tooLate(call));
    }
    return next;
  }

  #tooLate(call: OutgoingCall): CallFailure {
    const name = this.#contract.name;
    const cause = this.#lastFailure;
    if (call.wasSent)
      return new CallFailure('timeout', `"${call.method}" was not answered in time`, { cause });
    if (this.#connection)
      return new CallFailure('busy', `"${name}" has too many calls of ours under way`);
    const why =
      cause instanceof CallFailure
        ? cause.message
        : `Cannot reach "${name}"${cause ? `: ${cause.message}` : ' in time'}`;
    return new CallFailure('unavailable', why, { cause });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new CallFailure('closed', 'This client was disposed');
    const connection = this.#connection;
    this.#life.abort(reason);
    this.#deadlines[Symbol.dispose]();
    for (const call of this.#waiting) call.fail(reason);
    this.#waiting.clear();
    for (const reader of this.#readers) reader.reject(reason);
    this.#readers.clear();
    this.#dialing?.[Symbol.dispose]();
    if (!connection) return;
    for (const call of connection.takeUnanswered()) call.fail(reason);
    connection[Symbol.dispose]();
    await connection.ended;
  }
}

/** Whether somebody looked at who we are and does not want us; a contract that is missing may yet come. */
const isTurnedAway = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.code !== 'unknown-contract';
