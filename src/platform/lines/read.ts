import { z } from 'zod';
import { Refusal } from '#base/refusal.ts';
import { systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { backOff, sleep } from '#base/back-off.ts';
import { LINE_LIMITS, LINES_VERSION } from './limits.ts';
import type { LineLimits } from './limits.ts';
import { openLineSocket, tokenFor } from './line-address.ts';
import type { LineAddressSource } from './line-address.ts';
import { LineChannel } from './line-channel.ts';
import { BrokenLineError } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';
import type { NumberedEvent } from './lines.ts';

const Told = z.union([
  z.object({ n: z.int().min(0), event: z.unknown() }),
  z.object({ welcome: z.object({}) }),
  z.object({ end: z.literal(true) }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);

export interface ReadLinesOptions {
  readonly address: LineAddressSource;
  readonly stream: string;
  /** The last number held; left out: from now on, or what the feed says. */
  readonly since?: number | undefined;
  readonly filter?: unknown;
  /** Ends the reading; left out, only the feed ends it. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly limits?: Partial<LineLimits>;
  /** Called when the connection is lost and another will be tried. */
  readonly lost?: (reason: unknown) => void;
}

/**
 * Follows a feed, and goes on behind the last event whenever the connection is lost, until its signal
 * aborts or the feed ends.
 *
 * @yields Each event once, in order.
 * @throws {Refusal} If the feed turns us away; trying again would not help.
 */
export async function* readLines(options: ReadLinesOptions): AsyncGenerator<NumberedEvent> {
  const clock = options.clock ?? systemClock;
  const signal = options.signal ?? new AbortController().signal;
  let since = options.since;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      for await (const event of readOnce({ ...options, since }, clock, signal)) {
        since = event.n;
        attempt = 0;
        yield event;
      }
      return;
    } catch (error) {
      if (error instanceof Refusal && error.code !== 'internal') throw error;
      if (!signal.aborted) options.lost?.(error);
    }
    await sleep(clock, backOff(Math.max(attempt, 1)), signal);
  }
}

async function* readOnce(
  options: ReadLinesOptions,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent> {
  const limits = { ...LINE_LIMITS, ...options.limits };
  const address =
    typeof options.address === 'function' ? await options.address(signal) : options.address;
  const socket = await openLineSocket(address, signal);
  const waiting: NumberedEvent[] = [];
  let over: { readonly reason?: unknown } | undefined;
  let wake: (() => void) | undefined;
  const end = (reason?: unknown): void => {
    over ??= reason === undefined ? {} : { reason };
    channel.end(undefined);
    wake?.();
  };
  const take = (line: Line): void => {
    const told = Told.safeParse(line);
    if (!told.success) throw new BrokenLineError('Cannot take a line: it is no event');
    if ('welcome' in told.data) return channel.begin(true);
    if ('end' in told.data) return end();
    if ('error' in told.data)
      return end(new Refusal(told.data.error.code, told.data.error.message));
    waiting.push(told.data);
    if (waiting.length >= limits.waitingEvents) channel.pause();
    wake?.();
  };
  const channel = new LineChannel(socket, {
    clock,
    limits,
    helloBy: clock.monotonic() + limits.helloWithin,
    take,
    ended: (reason) => end(reason ?? new Error('The connection was closed')),
  });
  const stop = (): void => end();
  signal.addEventListener('abort', stop, { once: true });
  const { stream, since, filter } = options;
  const token = tokenFor(address);
  channel.send({ hello: { token, stream, version: LINES_VERSION, since, filter, beats: true } });
  try {
    for (;;) {
      const batch = waiting.splice(0);
      channel.resume();
      for (const event of batch) {
        if (signal.aborted) return;
        yield event;
      }
      const last = batch.at(-1);
      if (last) {
        channel.send({ ack: last.n });
      } else if (over) {
        if ('reason' in over) throw over.reason;
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    channel.end(undefined);
  }
}
