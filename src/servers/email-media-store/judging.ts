import { Serial } from '#base/serial.ts';
import type { Implementation } from '#base/contract.ts';
import { seconds } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import type { EmailId, MailboxId } from '#domain/ids.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { emailMediaStore } from './contract.ts';
import type { MailFiling } from './mail-filing.ts';
import type { MailTraffic } from './mail-traffic.ts';
import type { QuarantineTables } from './tables/quarantine.ts';
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
      judge: async ({ mailbox, verdict, mails, by }) => {
        const only = mails === 'all' ? undefined : mails;
        return { judged: await this.#serial.run(() => this.#judge(mailbox, verdict, only, by)) };
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
    this.#routing?.[Symbol.dispose]();
    await Promise.all(this.#under);
  }

  async #route(): Promise<void> {
    const { tables, filing } = this.#parts;
    for (const { mailbox } of await tables.counts()) {
      const waiting = await tables.waiting(mailbox, undefined, UNROUTED_AT_ONCE);
      const unrouted = waiting.filter(({ reason }) => reason === 'unrouted');
      for (const some of inPieces(unrouted)) await filing.release(some);
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
    only: readonly EmailId[] | undefined,
    by: string,
  ): Promise<number> {
    const { tables, filing } = this.#parts;
    let judged = 0;
    // in the order in which they came, so that answers find what they answer
    const waiting = await tables.waiting(mailbox, only, MOST_JUDGED);
    for (const some of inPieces(waiting)) {
      if (verdict === 'release') judged += (await filing.release(some, by)).length;
      else judged += await this.#drop(mailbox, some, by);
    }
    await this.#settle(mailbox);
    return judged;
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

/** What one judgement or one change of entry points looks at: more is left to the next. */
const MOST_JUDGED = 10_000;
const UNROUTED_AT_ONCE = 10_000;
/** Several documents change together, and at a start all of them do. */
const SOON = seconds(2);

function* inPieces(mails: readonly QuarantinedMail[]): Generator<readonly QuarantinedMail[]> {
  for (let at = 0; at < mails.length; at += AT_ONCE) yield mails.slice(at, at + AT_ONCE);
}
