import { Serial } from '#base/serial.ts';
import type { Implementation } from '#base/contract.ts';
import { seconds } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import type { EmailId, MailboxId } from '#domain/ids.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { emailMediaStore } from './contract.ts';
import type { MailFiling } from './mail-filing.ts';
import type { MailTraffic } from './mail-traffic.ts';
import type { QuarantineTables, WaitingWish } from './tables/quarantine.ts';
import type { ThreadWriter } from './thread-writer.ts';
import type { QuarantinedMail } from './changes.ts';

/** Mails that are filed or dropped in one transaction. */
const AT_ONCE = 50;

export interface JudgingParts {
  readonly tables: QuarantineTables;
  readonly filing: Pick<MailFiling, 'release'>;
  readonly traffic: MailTraffic;
  readonly writer: ThreadWriter;
  readonly clock: Clock;
  readonly trace: Trace;
}

type Methods = Implementation<typeof emailMediaStore>['methods'];

/** Mail that opened no work: what somebody judges of it, and what is tried again by itself. */
export class Judging implements AsyncDisposable {
  readonly #parts: JudgingParts;
  /** One after the other, so that no mail is judged twice. */
  readonly #serial = new Serial();
  readonly #under = new Set<Promise<void>>();
  readonly #life = new AbortController();
  #routing: Disposable | undefined;

  constructor(parts: JudgingParts) {
    this.#parts = parts;
  }

  methods(): Pick<Methods, 'quarantine' | 'judge'> {
    const { tables } = this.#parts;
    return {
      quarantine: async ({ mailbox, limit }) => {
        const [mails, counts] = await Promise.all([tables.list(mailbox, limit), tables.counts()]);
        const total = counts
          .filter((each) => mailbox === undefined || each.mailbox === mailbox)
          .reduce((sum, { count }) => sum + count, 0);
        return { mails, total };
      },
      judge: async ({ mailbox, verdict, mails, by }, { signal }) => {
        const only = mails === 'all' ? undefined : mails;
        const until = AbortSignal.any([signal, this.#life.signal]);
        const judge = (): Promise<number> => this.#judge(mailbox, verdict, { only, by, until });
        return { judged: await this.#serial.run(judge) };
      },
    };
  }

  /** Entry points have changed: what waits for one is tried again, soon. */
  routeAgain(): void {
    const { clock, trace } = this.#parts;
    this.#routing ??= clock.after(SOON, () => {
      this.#routing = undefined;
      const routing = this.#serial
        .run(() => this.#route())
        .catch((error: unknown) => trace.warning('mail.unrouted', {}, error))
        .finally(() => this.#under.delete(routing));
      this.#under.add(routing);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    this.#routing?.[Symbol.dispose]();
    await Promise.all(this.#under);
  }

  async #route(): Promise<void> {
    const { tables, filing } = this.#parts;
    const until = this.#life.signal;
    for (const { mailbox } of await tables.counts()) {
      for await (const some of this.#waiting(mailbox, { reason: 'unrouted' }, until)) {
        await filing.release(some);
      }
    }
  }

  /** Reads which mailboxes are in a storm. */
  async load(): Promise<void> {
    const { tables, traffic } = this.#parts;
    for (const { mailbox, stormSince, held } of await tables.counts()) {
      if (stormSince !== undefined) traffic.storm(mailbox, { since: stormSince, held });
    }
  }

  async #judge(
    mailbox: MailboxId,
    verdict: 'release' | 'drop',
    { only, by, until }: { only: readonly EmailId[] | undefined; by: string; until: AbortSignal },
  ): Promise<number> {
    const { filing, clock } = this.#parts;
    const ends = clock.monotonic() + JUDGING;
    let judged = 0;
    for await (const some of this.#waiting(mailbox, { only }, until)) {
      if (verdict === 'release') judged += (await filing.release(some, by)).length;
      else judged += await this.#drop(mailbox, some, by);
      if (clock.monotonic() >= ends) break;
    }
    await this.#settle(mailbox);
    return judged;
  }

  /** @yields Them in the order in which they came, so that answers find what they answer; until that is aborted. */
  async *#waiting(
    mailbox: MailboxId,
    wish: Omit<WaitingWish, 'after'>,
    until: AbortSignal,
  ): AsyncGenerator<readonly QuarantinedMail[]> {
    let after: QuarantinedMail['mail'] | undefined;
    while (!until.aborted) {
      const some = await this.#parts.tables.waiting(mailbox, { ...wish, after }, AT_ONCE);
      if (some.length > 0) yield some;
      if (some.length < AT_ONCE) return;
      after = some.at(-1)?.mail;
    }
  }

  async #drop(mailbox: MailboxId, mails: readonly QuarantinedMail[], by: string): Promise<number> {
    const { writer } = this.#parts;
    const deed = writer.begin();
    for (const { mail } of mails) {
      deed.changes.push({ type: 'mail-dropped', mail: mail.id });
      deed.facts.push({ type: 'mail-judged', email: mail.id, mailbox, verdict: 'drop', by });
    }
    await writer.commit(deed);
    return mails.length;
  }

  /** A storm is over once nothing of it waits. */
  async #settle(mailbox: MailboxId): Promise<void> {
    const { tables, traffic } = this.#parts;
    const counts = (await tables.counts()).find((each) => each.mailbox === mailbox);
    const since = counts?.stormSince;
    traffic.storm(
      mailbox,
      counts && since !== undefined ? { since, held: counts.held } : undefined,
    );
  }
}

/** One judgement takes up to so long, well within what its caller waits: more is left to the next. */
const JUDGING = seconds(30);
/** Several documents change together, and at a start all of them do. */
const SOON = seconds(2);
