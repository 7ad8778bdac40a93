import { CallFailure } from '#base/call-failure.ts';
import type { CallFailureCode } from '#base/call-failure.ts';
import type {
  CallOptions,
  Client,
  ContractDefinition,
  FollowOptions,
  StreamDefinition,
  StreamItem,
} from '#base/contract.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { backOff, sleep } from '#base/back-off.ts';

/** One way to the other side: a connection, or the component itself in this process. */
export interface Carrier extends AsyncDisposable {
  /** Asks `method` and resolves with what it answered, as the contract's types say it. */
  call(method: string, params: unknown, options: CallOptions | undefined): Promise<unknown>;
  /**
   * Opens a stream once: yields until it ends, is refused, or the way is lost.
   *
   * @throws {CallFailure} Where opening it again behind the last cursor is the remedy.
   * @throws {Refusal} Where it is not.
   */
  open(
    stream: string,
    request: OpenRequest,
    signal: AbortSignal,
  ): AsyncIterable<StreamItem<unknown>>;
}

export interface OpenRequest {
  readonly params: unknown;
  readonly since: unknown;
}

/** Failures that opening the stream again may cure. An event that is too large stays so. */
const PASSING: ReadonlySet<CallFailureCode> = new Set([
  'unavailable',
  'timeout',
  'connection-lost',
  'busy',
  'internal',
]);

/** A stream that stayed up this long was sound: the next reopening is the first again. */
const SOUND: Milliseconds = 10_000;

/** The typed client over a carrier. Disposing it disposes the carrier. */
export function clientOver<C extends ContractDefinition>(
  contract: C,
  carrier: Carrier,
  clock: Clock,
): Client<C>;
export function clientOver(contract: ContractDefinition, carrier: Carrier, clock: Clock): object {
  const life = new AbortController();
  const call = Object.fromEntries(
    Object.keys(contract.methods).map((name) => [
      name,
      (params: unknown, options?: CallOptions) => carrier.call(name, params, options),
    ]),
  );
  const follow = Object.fromEntries(
    Object.entries(contract.streams ?? {}).map(([name, definition]) => [
      name,
      (options: FollowOptions<unknown, unknown> = {}) =>
        resume({ carrier, name, definition, options, clock, closed: life.signal }),
    ]),
  );
  return {
    call,
    follow,
    async [Symbol.asyncDispose]() {
      life.abort(new CallFailure('closed', 'This client was disposed'));
      await carrier[Symbol.asyncDispose]();
    },
  };
}

interface Resumption {
  readonly carrier: Carrier;
  readonly name: string;
  readonly definition: StreamDefinition;
  readonly options: FollowOptions<unknown, unknown>;
  readonly clock: Clock;
  readonly closed: AbortSignal;
}

/**
 * Opens a stream again and again behind the last event, until it ends, is refused, or its signal aborts.
 *
 * @yields Each event once, in order.
 */
async function* resume(given: Resumption): AsyncGenerator<StreamItem<unknown>> {
  const { carrier, name, definition, options, clock, closed } = given;
  const signal = options.signal ? AbortSignal.any([options.signal, closed]) : closed;
  let since = options.since;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const opened = clock.monotonic();
    try {
      for await (const item of carrier.open(name, { params: options.params, since }, signal)) {
        if (definition.cursor) since = item.cursor;
        attempt = 0;
        yield item;
        if (signal.aborted) return;
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CallFailure) || !PASSING.has(error.code)) throw error;
    }
    if (clock.monotonic() - opened >= SOUND) attempt = 0;
    if (attempt > 0) await sleep(clock, backOff(attempt), signal);
  }
}
