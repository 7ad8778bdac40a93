import { z } from 'zod';
import { codeOf, messageOf } from '#base/failure.ts';
import { Refusal } from '#base/refusal.ts';
import { systemClock } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { backOff, sleep } from '#base/back-off.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { LINE_LIMITS, LINES_VERSION } from './limits.ts';
import type { LineLimits } from './limits.ts';
import { openLineSocket, tokenFor } from './line-address.ts';
import type { LineAddress, LineAddressSource, LocalLineAddress } from './line-address.ts';
import { LineChannel } from './line-channel.ts';
import { BrokenLineError } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';
import type { LineDialer } from './lines.ts';

const Welcome = z.object({ welcome: z.object({ resume: z.int().min(0) }) });
const Ended = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const Ack = z.object({
  ack: z.int().min(0),
  refused: z.array(z.object({ n: z.int(), code: z.string(), message: z.string() })).default([]),
});

export interface DialLinesOptions {
  readonly address: LineAddressSource;
  readonly dialer: LineDialer;
  readonly clock?: Clock;
  readonly trace?: Trace;
  readonly limits?: Partial<LineLimits>;
  readonly random?: () => number;
}

/** A session that lasted this long was sound: the next attempt is the first again. */
const SOUND: Milliseconds = 10_000;

/**
 * Hands a dialer's events to a listener, each once and in order, and dials again with back-off whenever
 * the connection is lost, until disposed. An event counts as handed over when the listener acknowledges it.
 */
export function dialLines(options: DialLinesOptions): AsyncDisposable {
  const life = new AbortController();
  const running = keepDialing(options, life.signal);
  return {
    async [Symbol.asyncDispose]() {
      life.abort(new Error('This dialer was disposed'));
      await running;
    },
  };
}

async function keepDialing(options: DialLinesOptions, signal: AbortSignal): Promise<void> {
  const clock = options.clock ?? systemClock;
  const limits = { ...LINE_LIMITS, ...options.limits };
  const { stream } = options.dialer;
  let told: string | undefined;
  for (let attempt = 1; !signal.aborted; attempt++) {
    const started = clock.monotonic();
    try {
      const source = options.address;
      const address = typeof source === 'function' ? await source(signal) : source;
      await new DialedSession(options.dialer, address, { clock, limits, signal }).run();
    } catch (error) {
      // once per reason: a listener that is away for an hour is one line of trace, not a thousand
      const reason = messageOf(error);
      if (!signal.aborted && reason !== told) {
        options.trace?.warning('lines.not-connected', { stream, code: codeOf(error) }, error);
      }
      told = reason;
    }
    if (clock.monotonic() - started >= SOUND) {
      attempt = 1;
      told = undefined;
    }
    if (!signal.aborted) await sleep(clock, backOff(attempt, options.random), signal);
  }
}

interface SessionOptions {
  readonly clock: Clock;
  readonly limits: LineLimits;
  readonly signal: AbortSignal;
}

/** One connection of a dialer, from its hello to its end. */
class DialedSession {
  readonly #dialer: LineDialer;
  readonly #address: LineAddress | LocalLineAddress;
  readonly #options: SessionOptions;
  readonly #over = Promise.withResolvers<void>();
  readonly #life = new AbortController();
  #channel: LineChannel | undefined;
  #isWelcome = false;
  #sent = 0;
  #acknowledged = 0;
  #roomAgain: (() => void) | undefined;

  constructor(
    dialer: LineDialer,
    address: LineAddress | LocalLineAddress,
    options: SessionOptions,
  ) {
    this.#dialer = dialer;
    this.#address = address;
    this.#options = options;
  }

  /** Resolves when the session ended in order. @throws Why it ended otherwise. */
  async run(): Promise<void> {
    const { clock, limits, signal } = this.#options;
    const socket = await openLineSocket(this.#address, signal);
    const channel = new LineChannel(socket, {
      clock,
      limits,
      helloBy: clock.monotonic() + limits.helloWithin,
      take: (line) => this.#take(line),
      ended: (reason) => (reason ? this.#over.reject(reason) : this.#over.resolve()),
    });
    this.#channel = channel;
    const stop = (): void => channel.end(undefined);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const token = tokenFor(this.#address);
    channel.send({ hello: { token, stream: this.#dialer.stream, version: LINES_VERSION } });
    try {
      await this.#over.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#life.abort(new Error('The connection is over'));
      this.#roomAgain?.();
    }
  }

  #take(line: Line): void {
    const ended = Ended.safeParse(line);
    if (ended.success) {
      const { code, message } = ended.data.error;
      return this.#channel?.end(new Refusal(code, message));
    }
    if (this.#isWelcome) return this.#acknowledge(line);
    const welcome = Welcome.safeParse(line);
    if (!welcome.success) throw new BrokenLineError('Cannot go on: this is no welcome');
    this.#isWelcome = true;
    const { resume } = welcome.data.welcome;
    this.#sent = resume;
    this.#acknowledged = resume;
    this.#channel?.begin(true);
    if (resume > 0) this.#dialer.acknowledged?.(resume);
    void this.#send(resume);
  }

  #acknowledge(line: Line): void {
    const parsed = Ack.safeParse(line);
    if (!parsed.success || parsed.data.ack > this.#sent || parsed.data.ack < this.#acknowledged) {
      throw new BrokenLineError('Cannot take a line: it is no acknowledgement of what was sent');
    }
    const { ack, refused } = parsed.data;
    for (const { n, ...refusal } of refused) this.#dialer.refused?.(n, refusal);
    this.#acknowledged = ack;
    this.#dialer.acknowledged?.(ack);
    this.#roomAgain?.();
  }

  /** Sends what the dialer yields. Never rejects: what it throws ends the session. */
  async #send(since: number): Promise<void> {
    const { signal } = this.#life;
    const channel = this.#channel;
    if (!channel) return;
    try {
      for await (const { n, event } of this.#dialer.events(since, signal)) {
        if (signal.aborted) return;
        if (n <= this.#sent) throw new Error(`Cannot send event ${n}: ${this.#sent} was sent`);
        if (n > this.#sent + 1) channel.send({ gap: n - 1 });
        this.#sent = n;
        if (!channel.send({ n, event })) await channel.drained;
        while (this.#sent - this.#acknowledged >= this.#options.limits.unacknowledged) {
          if (signal.aborted) return;
          await new Promise<void>((resolve) => (this.#roomAgain = resolve));
        }
      }
    } catch (error) {
      if (!signal.aborted)
        channel.end(error instanceof Error ? error : new Error(messageOf(error)));
    }
  }
}
