import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { type Clock, type Instant, type Milliseconds, minutes, seconds } from '#base/time.ts';
import type { EmailId, MailboxId } from '#domain/ids.ts';
import { MailFailure } from '../mail-failure.ts';
import { afterSend, restAfter } from '../rules/after-send.ts';
import type { OutboxTables } from '../tables/outbox.ts';
import type { OutboxRow } from './outgoing.ts';
import type { Smtp, SmtpMessage, SmtpOutcome } from './smtp.ts';

/** As many as there are connections. */
const AT_ONCE = 2;
/** A clock may jump: so often it is looked anyhow. */
const LOOK_EVERY = seconds(30);
/** A server that took the connection has so long to ask for the message. */
const TAKE_WITHIN = minutes(3);
/** And from then on so long to have it and to answer; see RFC 5321 §4.5.3.2. */
const ANSWER_WITHIN = minutes(20);
/** What could not be noted is noted again after so long. */
const NOTE_AGAIN = seconds(1);
/** Who stops this program wants it to end. */
const DRAIN_WITHIN = seconds(10);

export interface SenderOptions {
  readonly mailbox: MailboxId;
  readonly clock: Clock;
  readonly tables: Pick<OutboxTables, 'doubt'>;
  readonly holder: string;
  readonly random: () => number;
  /** The mailbox's server, or why there is none. */
  readonly connect: (mailbox: MailboxId) => Promise<Smtp | MailFailure>;
  /** What the mailbox sends as. */
  readonly addressOf: (mailbox: MailboxId) => string | undefined;
  /** The bytes of a message. */
  readonly read: (raw: string) => AsyncIterable<Uint8Array>;
  /** What servers shall report of what people wrote. */
  readonly report: SmtpMessage['report'];
  /** What may be sent, or will be, in order. */
  readonly waiting: () => readonly OutboxRow[];
  /** Makes durable how an e-mail stands. */
  readonly changed: (row: OutboxRow) => Promise<void>;
  /** How the mailbox's server fares. */
  readonly fared: (mailbox: MailboxId, outcome: SmtpOutcome) => void;
  /** It could not be gone on, and is tried again. */
  readonly failed: (error: unknown) => void;
}

/** Sends what waits in one mailbox, in order, and again where that did not work; apart from all others. */
export class MailboxSender implements AsyncDisposable {
  readonly #options: SenderOptions;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  readonly #underWay = new Map<EmailId, Promise<void>>();
  readonly #cut = new AbortController();
  #wake = new AbortController();
  /** How often in a row the server could not be reached, and when it is asked again. */
  #failures = 0;
  #restsUntil: Instant = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { clock, failed } = options;
    const { signal } = this.#life;
    this.#running = keepTrying((ends) => this.#run(ends), { clock, signal, failed });
  }

  /** Lets those go that are under way, for a while; what is not answered by then is in doubt. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
    using _ = this.#options.clock.after(DRAIN_WITHIN, () => this.#cut.abort());
    await Promise.all(this.#underWay.values());
  }

  /** Something waits that did not, or may go now. */
  wake(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Something has been done about what was wrong. */
  tryAgain(): void {
    this.#failures = 0;
    this.#restsUntil = 0;
    this.wake();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, waiting } = this.#options;
    while (!signal.aborted) {
      const woken = AbortSignal.any([signal, this.#wake.signal]);
      const now = clock.now();
      const rows = waiting().filter(({ email }) => !this.#underWay.has(email));
      const due = rows.find(({ next = now }) => next <= now);
      const rests = now < this.#restsUntil;
      // a server that failed gets one at a time
      const most = this.#failures > 0 ? 1 : AT_ONCE;
      if (due && !rests && this.#underWay.size < most) {
        this.#start(due);
        continue;
      }
      const times = rows.map(({ next = now }) => Math.max(next, this.#restsUntil));
      const isFull = this.#underWay.size >= most;
      const until = isFull ? Infinity : Math.min(...times) - now;
      await pause(clock, Math.min(LOOK_EVERY, Math.max(until, 0)), woken);
    }
  }

  #start(row: OutboxRow): void {
    const done = this.#send(row)
      .catch((error: unknown) => {
        this.#restsUntil = this.#options.clock.now() + seconds(1);
        this.#options.failed(error);
      })
      .finally(() => {
        this.#underWay.delete(row.email);
        this.wake();
      });
    this.#underWay.set(row.email, done);
  }

  async #send(waiting: OutboxRow): Promise<void> {
    const { clock, changed, holder, random, fared, mailbox, addressOf } = this.#options;
    const sending: OutboxRow = {
      ...waiting,
      state: 'sending',
      holder,
      at: clock.now(),
      next: undefined,
      tries: waiting.tries + 1,
    };
    await changed(sending);
    const { outcome, inDoubt } = await this.#try(sending);
    if (!outcome) {
      // it is not the mail server that failed: as if it had not been tried
      const at = clock.now();
      this.#restsUntil = at + seconds(1);
      return this.#note({ ...waiting, state: 'waiting', at, next: this.#restsUntil });
    }
    this.#failures = outcome.type === 'unreachable' ? this.#failures + 1 : 0;
    const facts = { at: clock.now(), chance: random(), failures: this.#failures };
    if (outcome.type === 'unreachable') {
      this.#restsUntil = facts.at + restAfter(outcome.failure, facts);
    }
    fared(mailbox, outcome);
    const isNullRefused =
      outcome.type === 'refused' && outcome.at === 'sender' && sending.sender === '';
    const ourName = isNullRefused ? addressOf(mailbox) : undefined;
    if (ourName !== undefined) {
      // some servers take nothing without a sender, whatever RFC 3834 §3.3 asks for
      const { at } = facts;
      const again: OutboxRow = { ...waiting, tries: sending.tries, sender: ourName, at, next: at };
      return this.#note({ ...again, state: 'waiting' });
    }
    await this.#note(afterSend({ ...sending, inDoubt }, outcome, facts));
  }

  /** Writes down how a try ended, until that is durable: the server has been asked already. */
  async #note(row: OutboxRow): Promise<void> {
    const { clock, changed, failed } = this.#options;
    for (;;) {
      try {
        return await changed(row);
      } catch (error) {
        if (this.#life.signal.aborted) throw error; // the next run takes it up
        failed(error);
      }
      await pause(clock, NOTE_AGAIN, this.#life.signal);
    }
  }

  /** @returns No outcome where the message could not be read or its state not be noted. */
  async #try(row: OutboxRow): Promise<{ outcome: SmtpOutcome | undefined; inDoubt: boolean }> {
    const { connect, mailbox, read, report, tables, holder, clock, failed } = this.#options;
    const smtp = await connect(mailbox);
    if (smtp instanceof MailFailure) {
      const outcome = { type: 'unreachable', answered: true, failure: smtp } as const;
      return { outcome, inDoubt: false };
    }
    using deadline = new Deadline(clock, TAKE_WITHIN);
    let inDoubt = false;
    const raw = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        deadline.move(ANSWER_WITHIN);
        done(null, chunk);
      },
      // Before the last bytes leave it is written down that they do: who finds that note after a crash knows.
      async flush(done) {
        try {
          inDoubt = await tables.doubt(row.email, holder);
          done(inDoubt ? null : new Error('Another process sends it'));
        } catch (error) {
          done(error as Error);
        }
      },
    });
    let isOurs = true;
    const reading = pipeline(read(row.raw), raw).catch((error: unknown) => {
      isOurs = deadline.signal.aborted || isSettled;
      if (!isOurs) failed(error);
    });
    let isSettled = false;
    const outcome = await smtp.send(
      {
        sender: row.sender,
        recipients: row.recipients.flatMap(({ state, address }) =>
          state === 'waiting' ? address : [],
        ),
        size: row.size,
        raw,
        envelopeId: row.email,
        report: row.automatic ? [] : report,
      },
      AbortSignal.any([deadline.signal, this.#cut.signal]),
    );
    isSettled = true;
    raw.destroy();
    await reading;
    return { outcome: isOurs ? outcome : undefined, inDoubt };
  }
}

/** Aborts when its time is up, which may be moved. */
class Deadline implements Disposable {
  readonly #clock: Clock;
  readonly #up = new AbortController();
  #timer: Disposable;

  constructor(clock: Clock, within: Milliseconds) {
    this.#clock = clock;
    this.#timer = clock.after(within, () => this.#up.abort());
  }

  get signal(): AbortSignal {
    return this.#up.signal;
  }

  move(within: Milliseconds): void {
    this.#timer[Symbol.dispose]();
    this.#timer = this.#clock.after(within, () => this.#up.abort());
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}
