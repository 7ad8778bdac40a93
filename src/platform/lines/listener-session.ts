import { z } from 'zod';
import { Pace } from '#base/pace.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { LineConversation } from './conversation.ts';
import type { LineLimits } from './limits.ts';
import type { LineChannel } from './line-channel.ts';
import { BrokenLineError } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';
import type { LineSession, NumberedEvent } from './lines.ts';

interface Refused {
  readonly n: number;
  readonly code: string;
  readonly message: string;
}

interface ListenerSessionOptions {
  readonly stream: string;
  readonly limits: LineLimits;
  readonly clock: Clock;
  readonly trace: Trace | undefined;
}

const RefusedData = z.object({ n: z.int() });

/** The listener's side of one session: what comes while a batch is being stored is the next batch. */
export class ListenerSession implements LineConversation {
  readonly #channel: LineChannel;
  readonly #session: LineSession;
  readonly #options: ListenerSessionOptions;
  readonly #pace: Pace;
  readonly #life = new AbortController();
  #expected: number;
  #waiting: NumberedEvent[] = [];
  #waitingBytes = 0;
  #isStoring = false;
  #storing = Promise.resolve();

  constructor(channel: LineChannel, session: LineSession, options: ListenerSessionOptions) {
    this.#channel = channel;
    this.#session = session;
    this.#options = options;
    this.#pace = new Pace(options.clock, session.apart ?? 0);
    this.#expected = session.resume + 1;
    channel.send({ welcome: { resume: session.resume } });
  }

  take(line: Line, bytes: number): void {
    const { n, event, gap } = line;
    if (typeof gap === 'number') return this.#skip(gap);
    if (n !== this.#expected || event === undefined) {
      throw new BrokenLineError(`Cannot take a line: it is not event ${this.#expected}`);
    }
    this.#expected++;
    this.#waiting.push({ n, event });
    this.#waitingBytes += bytes;
    const { waitingEvents, waitingBytes } = this.#options.limits;
    if (this.#waiting.length >= waitingEvents || this.#waitingBytes >= waitingBytes) {
      this.#channel.pause();
    }
    if (!this.#isStoring) this.#storing = this.#store();
  }

  async ended(): Promise<void> {
    this.#life.abort();
    await this.#storing;
    this.#session.closed?.();
  }

  #skip(gap: number): void {
    if (!Number.isSafeInteger(gap) || gap < this.#expected) {
      throw new BrokenLineError(`Cannot skip to ${gap}: event ${this.#expected} is next`);
    }
    const { stream, trace } = this.#options;
    trace?.warning('lines.gap', { stream, from: this.#expected, to: gap });
    this.#expected = gap + 1;
  }

  /** Stores batch after batch until none waits. Never rejects. */
  async #store(): Promise<void> {
    this.#isStoring = true;
    try {
      // a turn later, so that all of what one read delivered is one batch
      await Promise.resolve();
      while (this.#waiting.length > 0 && !this.#channel.isOver) {
        await this.#pace.turn(this.#life.signal);
        const batch = this.#waiting;
        this.#waiting = [];
        this.#waitingBytes = 0;
        this.#channel.resume();
        await this.#storeBatch(batch);
      }
    } catch (error) {
      this.#options.trace?.fault('lines.failed', error, { stream: this.#options.stream });
      this.#channel.fail('internal', 'The listener could not store an event: see its trace');
    } finally {
      this.#isStoring = false;
    }
  }

  /** Stores a batch, leaving out what is refused of it, and acknowledges it. */
  async #storeBatch(batch: readonly NumberedEvent[]): Promise<void> {
    const refused: Refused[] = [];
    const parts = [batch];
    let held = 0;
    for (let part = parts.shift(); part; part = parts.shift()) {
      if (part.length === 0) continue;
      try {
        held = await this.#session.take(part);
      } catch (error) {
        const one = refusedOf(error, part);
        refused.push(one);
        parts.unshift(
          part.filter((each) => each.n < one.n),
          part.filter((each) => each.n > one.n),
        );
      }
    }
    held = Math.max(held, ...refused.map((one) => one.n));
    this.#channel.send(refused.length > 0 ? { ack: held, refused } : { ack: held });
    for (const one of refused) {
      this.#options.trace?.warning('lines.refused', { stream: this.#options.stream, ...one });
    }
  }
}

/** Which event of the batch is refused. Throws the error again if it says so of none. */
function refusedOf(error: unknown, batch: readonly NumberedEvent[]): Refused {
  if (!(error instanceof Refusal) || error.code !== 'bad-record') throw error;
  const data = RefusedData.safeParse(error.data);
  const n = batch.length === 1 ? batch[0]?.n : data.data?.n;
  if (n === undefined || !batch.some((each) => each.n === n)) throw error;
  return { n, code: error.code, message: error.message };
}
