import { CallFailure } from '#base/call-failure.ts';
import type { CallOptions, ContractDefinition, StreamItem } from '#base/contract.ts';
import type { Clock } from '#base/time.ts';
import { sleep } from '#base/back-off.ts';
import type { Carrier, OpenRequest } from '#platform/rpc/client.ts';
import { InProcessCarrier } from '#platform/rpc/in-process.ts';
import { DEFAULT_TIMEOUT } from '#platform/rpc/limits.ts';
import type { Service } from '#platform/rpc/service.ts';
import type { LocalComponents } from './local-components.ts';

/** Carries calls to a component of this process, and waits for it where it has not started yet. */
export class LocalCarrier implements Carrier {
  readonly #contract: ContractDefinition;
  readonly #local: LocalComponents;
  readonly #role: string;
  readonly #clock: Clock;
  readonly #life = new AbortController();
  #current: { readonly service: Service; readonly carrier: InProcessCarrier } | undefined;

  constructor(contract: ContractDefinition, local: LocalComponents, role: string, clock: Clock) {
    this.#contract = contract;
    this.#local = local;
    this.#role = role;
    this.#clock = clock;
  }

  async call(method: string, params: unknown, options: CallOptions | undefined): Promise<unknown> {
    const carrier = this.#carrier();
    if (carrier) return carrier.call(method, params, options);
    const began = this.#clock.monotonic();
    const timeout = options?.timeout ?? DEFAULT_TIMEOUT;
    const later = await this.#appearance(timeout, options?.signal);
    const left = Math.max(began + timeout - this.#clock.monotonic(), 0);
    return later.call(method, params, { ...options, timeout: left });
  }

  async *open(
    stream: string,
    request: OpenRequest,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<unknown>> {
    const carrier = this.#carrier() ?? (await this.#appearance(Infinity, signal));
    const stopped = new AbortController();
    using watch = this.#local.onChange(() => {
      if (carrier !== this.#carrier()) stopped.abort();
    });
    const ends = watch && AbortSignal.any([signal, stopped.signal]);
    yield* carrier.open(stream, request, ends);
    // the component stopped: the stream goes on with its next start
    if (stopped.signal.aborted && !signal.aborted) {
      throw new CallFailure('connection-lost', `"${this.#contract.name}" stopped`);
    }
  }

  #carrier(): InProcessCarrier | undefined {
    const service = this.#local.service(this.#contract.name);
    if (service && this.#current?.service !== service) {
      this.#current = { service, carrier: new InProcessCarrier(service, this.#role, this.#clock) };
    }
    return service && this.#current?.carrier;
  }

  /** Resolves when the component is there. @throws {CallFailure} `unavailable`, or the reason of `signal`. */
  async #appearance(timeout: number, signal: AbortSignal | undefined): Promise<InProcessCarrier> {
    const name = this.#contract.name;
    const appeared = new AbortController();
    using watch = this.#local.onChange(() => {
      if (this.#local.service(name)) appeared.abort();
    });
    const ends = [appeared.signal, this.#life.signal, ...(signal ? [signal] : [])];
    if (watch) await sleep(this.#clock, timeout, AbortSignal.any(ends));
    this.#life.signal.throwIfAborted();
    signal?.throwIfAborted();
    const carrier = this.#carrier();
    if (carrier) return carrier;
    throw new CallFailure('unavailable', `"${name}" has not started in time`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort(new CallFailure('closed', 'This client was disposed'));
    await this.#current?.carrier[Symbol.asyncDispose]();
  }
}
