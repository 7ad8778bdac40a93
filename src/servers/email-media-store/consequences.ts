import { messageOf } from '#base/failure.ts';
import { pause } from '#base/keep-trying.ts';
import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Consequence } from './changes.ts';
import type { ConversationTables } from './tables/conversations.ts';

const FIRST_PAUSE: Milliseconds = seconds(1);
const LONGEST_PAUSE: Milliseconds = seconds(60);
/** What fails so often is wrong in itself, and is given up with a fault in the trace. */
const MOST_TRIES = 20;

/** Brings one consequence about. Again, it must have no effect. */
export type Carry<T extends Consequence['type']> = (
  consequence: Extract<Consequence, { type: T }>,
) => Promise<void>;

export interface ConsequencesParts {
  readonly tables: Pick<ConversationTables, 'consequences' | 'happened'>;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly health: Health;
  /** Sends an answer by itself. */
  readonly acknowledge: Carry<'acknowledge'>;
  /** Notes what a server has said of e-mails of ours. */
  readonly deliveries: Carry<'deliveries'>;
}

/**
 * What follows from e-mails that were filed, one after the other, again and again until it has happened. It
 * is in its table before it comes here, so a restart goes on with it.
 */
export class Consequences implements AsyncDisposable {
  readonly #parts: ConsequencesParts;
  readonly #life = new AbortController();
  readonly #waiting: Consequence[] = [];
  readonly #tries = new WeakMap<Consequence, number>();
  #running: Promise<void> | undefined;

  constructor(parts: ConsequencesParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Goes on with what an earlier run left. To be called once, before anything else. */
  async load(): Promise<void> {
    this.add(await this.#parts.tables.consequences());
  }

  add(consequences: readonly Consequence[]): void {
    this.#waiting.push(...consequences);
    if (this.#waiting.length > 0 && !this.#life.signal.aborted) this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#life;
    for (let next = this.#waiting[0]; next && !signal.aborted; next = this.#waiting[0]) {
      const isDone = await this.#carryOut(next);
      this.#waiting.shift();
      if (!isDone) this.#waiting.push(next);
    }
    this.#running = undefined;
  }

  /** @returns Whether it needs no further try. */
  async #carryOut(consequence: Consequence): Promise<boolean> {
    const { clock, trace, health, tables } = this.#parts;
    const { signal } = this.#life;
    const { email, type } = consequence;
    const tries = (this.#tries.get(consequence) ?? 0) + 1;
    this.#tries.set(consequence, tries);
    try {
      await this.#carry(consequence);
      await tables.happened(consequence);
      health.report('consequences', 'good');
      return true;
    } catch (error) {
      if (tries === MOST_TRIES) {
        trace.fault('consequence.given-up', error, { email, type });
        await tables.happened(consequence).catch(() => undefined);
        return true;
      }
      const words = `What follows from e-mails waits: ${messageOf(error)}`;
      health.report('consequences', 'degraded', words);
      trace.warning('consequence.failed', { email, type }, error);
      await pause(clock, Math.min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE), signal);
      return false;
    }
  }

  #carry(consequence: Consequence): Promise<void> {
    return consequence.type === 'acknowledge'
      ? this.#parts.acknowledge(consequence)
      : this.#parts.deliveries(consequence);
  }
}
