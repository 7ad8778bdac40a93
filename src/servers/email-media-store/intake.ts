/**
 * From stored to filed. The table of received messages is the queue; what is in memory is its beginning.
 *
 *     stored ──┬─▶ small: read together ───────┬─▶ filed
 *        ▲     └─▶ large, or suspect: alone ───┘
 *        └─ wherever the process ends in between, it begins here again
 */
import { codeOf, messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { Serial } from '#base/serial.ts';
import { minutes, seconds } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Filing, ReadMail } from './filing.ts';
import { lessOf, SMALL_MAIL } from './read-mails.ts';
import type { MailReading, WaitingMail } from './read-mails.ts';
import type { ReceivedTables, Unfiled } from './tables/received-tables.ts';
import { WaitingMails } from './waiting-mails.ts';

/** Mail that came in so long ago is recent: it goes before whatever an outage has left. */
export const RECENT = minutes(10);

/** What is handed to the parsing thread at once. */
const BATCH = 48;
const BATCH_BYTES = 2 * 1_048_576;
/** One in the thread, one on its way there, one that is filed. */
const BATCHES_UNDER_WAY = 3;
/** What could not be filed is tried again after so long; each time later. */
const FIRST_WAIT = seconds(30);
const LONGEST_WAIT = minutes(60);
/** What was refused so often is filed with less of what was read in it. */
const MOST_REFUSALS = 5;
/** How often the table is asked for what was put off. */
const LOOK_AGAIN = seconds(15);

export interface IntakeParts {
  readonly clock: Clock;
  readonly tables: ReceivedTables;
  readonly reading: MailReading;
  readonly filing: Filing;
  readonly trace: Trace;
  readonly health: Health;
}

/** Reads and files what was taken in, each message once, whatever ends in between. */
export class Intake implements AsyncDisposable {
  readonly #parts: IntakeParts;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  readonly #small: WaitingMails;
  readonly #aside: WaitingMails;
  readonly #serial = new Serial();
  #woken = Promise.withResolvers<void>();
  #rested = Promise.withResolvers<void>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    const { clock, health, tables, trace } = parts;
    const waiting = (isSmall: boolean): WaitingMails =>
      new WaitingMails({
        recent: () => clock.now() - RECENT,
        load: (recent, held, limit) =>
          tables.unfiled({ isSmall, most: SMALL_MAIL }, recent, held, limit),
      });
    this.#small = waiting(true);
    this.#aside = waiting(false);
    const keepOn = (part: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> =>
      keepTrying(work, {
        clock,
        signal: this.#life.signal,
        failed: (error) => {
          health.report(part, 'degraded', `Mail waits to be read: ${messageOf(error)}`);
          if (!(error instanceof DatabaseGoneError)) trace.fault('mail.intake-failed', error);
        },
      });
    this.#running = Promise.all([
      keepOn('intake', (signal) => this.#readSmall(signal)),
      keepOn('intake-aside', (signal) => this.#readAside(signal)),
    ]).then(() => undefined);
  }

  /** Takes messages on that have just become durable, their bytes where they are at hand; never waits. */
  offer(mails: readonly WaitingMail[]): void {
    this.#small.add(mails.filter(({ mail }) => isSmall(mail)));
    this.#aside.add(mails.filter(({ mail }) => !isSmall(mail)));
    this.#wake();
  }

  /** Looks into the table for what waits there. */
  lookAgain(): void {
    this.#small.lookAgain();
    this.#aside.lookAgain();
    this.#wake();
  }

  /**
   * Resolves once all that waited has been filed or put off.
   *
   * @throws The signal's reason, when that comes first.
   */
  async settled(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (!this.#small.isEmpty || !this.#aside.isEmpty) {
        await Promise.race([this.#rested.promise, promise]);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    this.#wake();
    await this.#running;
  }

  async #readSmall(signal: AbortSignal): Promise<void> {
    this.#small.forget();
    const underWay: Promise<void>[] = [];
    const attempt = new AbortController();
    try {
      while (!signal.aborted) {
        const batch = await this.#small.take(fitsBatch);
        if (batch.length === 0) {
          await Promise.all(underWay.splice(0));
          this.#parts.health.report('intake', ...(await this.#state()));
          await this.#rest(this.#small, signal);
          continue;
        }
        if (underWay.length === BATCHES_UNDER_WAY) await underWay.shift();
        const done = this.#readTogether(batch, underWay.at(-1), attempt.signal);
        done.catch(() => undefined); // it is waited for later
        underWay.push(done);
      }
      await Promise.all(underWay);
    } finally {
      attempt.abort();
      await Promise.allSettled(underWay);
    }
  }

  /** Reads a batch while the one before it is filed, and files it behind that. */
  async #readTogether(
    batch: readonly WaitingMail[],
    before: Promise<void> | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const read = await this.#parts.reading.together(batch);
    await before;
    if (signal.aborted) return;
    if (read) await this.#file(read);
    this.#small.done(idsOf(batch));
    if (read) return;
    this.#aside.lookAgain();
    this.#wake();
  }

  async #readAside(signal: AbortSignal): Promise<void> {
    const { reading, health } = this.#parts;
    this.#aside.forget();
    while (!signal.aborted) {
      const [waiting] = await this.#aside.take((_mail, taken) => taken.length === 0);
      if (waiting) {
        await this.#file([await reading.alone(waiting)]);
        this.#aside.done([waiting.mail.id]);
      } else {
        health.report('intake-aside', 'good');
        await this.#rest(this.#aside, signal);
      }
    }
  }

  #file(mails: readonly ReadMail[]): Promise<void> {
    return this.#serial.run(() => this.#fileOrPutOff(mails));
  }

  async #fileOrPutOff(mails: readonly ReadMail[]): Promise<void> {
    try {
      await this.#parts.filing.file(mails);
    } catch (error) {
      if (error instanceof DatabaseGoneError) throw error;
      if (mails.length > 1) {
        for (const mail of mails) await this.#fileOrPutOff([mail]);
        return;
      }
      for (const mail of mails) await this.#putOff(mail, error);
    }
  }

  async #putOff(read: ReadMail, error: unknown): Promise<void> {
    const { tables, trace } = this.#parts;
    const { id, mailbox } = read.mail;
    trace.fault('mail.not-filed', withoutWords(error), { mail: id, mailbox });
    if ((await tables.putOff(id, FIRST_WAIT, LONGEST_WAIT)) < MOST_REFUSALS) return;
    for (const less of lessOf(read)) if (await this.#isFiled(less)) return;
  }

  async #isFiled(mail: ReadMail): Promise<boolean> {
    try {
      await this.#parts.filing.file([mail]);
      return true;
    } catch (error) {
      if (error instanceof DatabaseGoneError) throw error;
      return false;
    }
  }

  async #state(): Promise<['good' | 'degraded', string?]> {
    const { failing } = await this.#parts.tables.waiting();
    if (failing === 0) return ['good'];
    const many = failing === 1 ? 'A message' : `${failing} messages`;
    return ['degraded', `${many} could not be filed, and will be tried again: the trace says why`];
  }

  async #rest(waiting: WaitingMails, signal: AbortSignal): Promise<void> {
    this.#rested.resolve();
    this.#rested = Promise.withResolvers();
    if (!waiting.isEmpty || signal.aborted) return;
    const again = this.#parts.clock.after(LOOK_AGAIN, () => this.lookAgain());
    await this.#woken.promise;
    again[Symbol.dispose]();
  }

  #wake(): void {
    this.#woken.resolve();
    this.#woken = Promise.withResolvers();
  }
}

/** What went wrong and where: PostgreSQL cites the values that it refuses, and those are a customer's words. */
function withoutWords(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('It cannot be filed');
  const where = /\n +(at [^\n]*)/.exec(
    error.stack?.slice(error.stack.lastIndexOf(error.message)) ?? '',
  );
  return new Error([error.name, codeOf(error), where?.[1]].filter(Boolean).join(' '));
}

const isSmall = (mail: Unfiled): boolean => mail.size <= SMALL_MAIL && mail.tries === 0;

const idsOf = (mails: readonly WaitingMail[]): string[] => mails.map(({ mail }) => mail.id);

function fitsBatch(mail: Unfiled, taken: readonly WaitingMail[]): boolean {
  if (taken.length === 0) return true;
  const bytes = taken.reduce((sum, each) => sum + each.mail.size, mail.size);
  return taken.length < BATCH && bytes <= BATCH_BYTES;
}
