import { CallFailure } from '#base/call-failure.ts';
import type {
  CallOptions,
  Client,
  ContractDefinition,
  Implementation,
  StreamItem,
} from '#base/contract.ts';
import { systemClock } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { clientOver } from './client.ts';
import type { Carrier, OpenRequest } from './client.ts';
import { Deadlines } from './deadlines.ts';
import { hasNull } from './decoders.ts';
import { DEFAULT_TIMEOUT, RPC_LIMITS } from './limits.ts';
import { PendingCall } from './pending-call.ts';
import { serviceOf } from './service.ts';
import type { EncodedItem, Service } from './service.ts';

export interface InProcessOptions {
  /** Who calls. */
  readonly role: string;
  readonly trace?: Trace;
  readonly clock?: Clock;
}

/**
 * A client of an implementation in this process. What crosses is validated and copied as JSON, roles
 * and deadlines are kept, errors are those of the wire: a caller cannot tell it from a connection.
 */
export function connectInProcess<C extends ContractDefinition>(
  contract: C,
  implementation: Implementation<C>,
  options: InProcessOptions,
): Client<C> {
  const clock = options.clock ?? systemClock;
  const service = serviceOf(contract, implementation, options.trace);
  return clientOver(contract, new InProcessCarrier(service, options.role, clock), clock);
}

interface Waiting {
  readonly call: PendingCall;
  readonly fail: (error: unknown) => void;
}

/** Carries calls to a service of this process. */
export class InProcessCarrier implements Carrier {
  readonly #service: Service;
  readonly #role: string;
  readonly #clock: Clock;
  /** Methods whose null is an absent result. */
  readonly #withoutNull: ReadonlySet<string>;
  readonly #waiting = new Set<Waiting>();
  readonly #deadlines: Deadlines;
  readonly #life = new AbortController();

  constructor(service: Service, role: string, clock: Clock) {
    this.#service = service;
    this.#role = role;
    this.#clock = clock;
    const methods = Object.entries(service.contract.methods);
    this.#withoutNull = new Set(
      methods.filter(([, { result }]) => !hasNull(result)).map(([name]) => name),
    );
    this.#deadlines = new Deadlines(clock, (now) => this.#expire(now));
  }

  call(method: string, params: unknown, options: CallOptions | undefined): Promise<unknown> {
    if (this.#life.signal.aborted) return Promise.reject(this.#life.signal.reason);
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    let given: unknown;
    try {
      given = copy(params);
    } catch (error) {
      return Promise.reject(error);
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timeout = Math.min(options?.timeout ?? DEFAULT_TIMEOUT, RPC_LIMITS.longestCall);
    const deadline = this.#clock.monotonic() + timeout;
    const waiting: Waiting = { call: new PendingCall(this.#role, deadline), fail: reject };
    const giveUp = (): void => {
      waiting.call.abort(new CallFailure('closed', 'The caller gave up'));
      reject(signal?.reason);
    };
    const settle = (): void => {
      this.#waiting.delete(waiting);
      signal?.removeEventListener('abort', giveUp);
    };
    this.#waiting.add(waiting);
    this.#deadlines.note(deadline);
    signal?.addEventListener('abort', giveUp, { once: true });
    // a turn of its own, as over a wire: nobody's call runs inside somebody else's
    queueMicrotask(() => {
      this.#service
        .call(method, given, waiting.call)
        .then((result) => resolve(this.#decode(method, result)), reject);
    });
    return promise.finally(settle);
  }

  async *open(
    stream: string,
    request: OpenRequest,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<unknown>> {
    const call = new PendingCall(this.#role, Infinity);
    const copied = { params: copy(request.params), since: copy(request.since) };
    const events = this.#service.follow(stream, copied, call);
    let wake: (() => void) | undefined;
    const stop = (): void => wake?.();
    const ends = AbortSignal.any([signal, this.#life.signal]);
    ends.addEventListener('abort', stop, { once: true });
    try {
      while (!ends.aborted) {
        const step = await new Promise<IteratorResult<EncodedItem> | undefined>(
          (resolve, reject) => {
            wake = () => resolve(undefined);
            events.next().then(resolve, reject);
          },
        );
        if (step === undefined || step.done) return;
        const { event, cursor } = step.value;
        yield { event: JSON.parse(event), cursor: cursor && JSON.parse(cursor) };
      }
    } finally {
      ends.removeEventListener('abort', stop);
      call.abort(new CallFailure('closed', 'The reader is gone'));
      void events.return?.();
    }
  }

  /** The service has validated it already. */
  #decode(method: string, result: string): unknown {
    return result === 'null' && this.#withoutNull.has(method) ? undefined : JSON.parse(result);
  }

  #expire(now: Milliseconds): Milliseconds {
    let next: Milliseconds = Infinity;
    for (const waiting of this.#waiting) {
      if (waiting.call.deadline > now) {
        next = Math.min(next, waiting.call.deadline);
        continue;
      }
      const failure = new CallFailure('timeout', 'The deadline passed before there was an answer');
      waiting.fail(failure);
      waiting.call.abort(failure);
    }
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#deadlines[Symbol.dispose]();
    const reason = new CallFailure('closed', 'This client was disposed');
    this.#life.abort(reason);
    for (const waiting of this.#waiting) {
      waiting.fail(reason);
      waiting.call.abort(reason);
    }
  }
}

/** What a wire would make of it: no shared objects, no undefined, no class but plain data. */
function copy(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
