import { messageOf } from '#base/failure.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Delivery } from '#domain/email/email.ts';
import type { ConversationId, DraftId, EmailId, MailboxId } from '#domain/ids.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { EmailFact } from '../contract.ts';
import { afterReport } from '../rules/after-report.ts';
import { afterDoubt } from '../rules/after-send.ts';
import type { ToldDelivery } from '../rules/filing-plan.ts';
import { deliveryOf, type OutboxTables } from '../tables/outbox.ts';
import type { Correspondence } from './correspondence.ts';
import { MailboxSender, type SenderOptions } from './mailbox-sender.ts';
import type { OutboxRow } from './outgoing.ts';

export interface OutboxOptions extends Pick<
  SenderOptions,
  'connect' | 'addressOf' | 'read' | 'fared' | 'report'
> {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly tables: OutboxTables;
  readonly correspondence: Pick<Correspondence, 'commit'>;
  /** This running process, new at every start. */
  readonly holder: string;
  /** How long it is tried to send what a server does not take. */
  readonly giveUpAfter: number;
  readonly random?: () => number;
}

/**
 * All that is on its way out, in memory as it has been decided and in the tables as far as that is
 * durable. Each mailbox sends on its own: one whose server is dead holds nobody else's mail.
 *
 * ```
 * held ─▶ waiting ─▶ sending ─▶ sent ─▶ delivered | bounced     (by what servers report)
 *  │         ▲          ├────▶ failed ─▶ waiting                (somebody tries once more)
 *  └▶ undone └──────────┘
 * ```
 */
export class Outbox implements AsyncDisposable {
  readonly #options: OutboxOptions;
  /** What has not ended, in the order of being handed in. */
  readonly #rows = new Map<EmailId, OutboxRow>();
  readonly #byConversation = new Map<ConversationId, Set<EmailId>>();
  readonly #busy = new Map<EmailId, Promise<unknown>>();
  readonly #senders = new Map<MailboxId, MailboxSender>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#senders.values()].map((sender) => sender[Symbol.asyncDispose]()));
  }

  /** Takes up what an earlier run left. To be called once, before anything else. */
  async load(): Promise<void> {
    const { tables, clock } = this.#options;
    for (const row of await tables.unended()) {
      if (row.state !== 'sending') {
        this.handedIn(row);
        continue;
      }
      // It was being sent when that run ended: only where the last bytes were about to leave may it have arrived.
      const at = clock.now();
      const known: OutboxRow = row.inDoubt
        ? afterDoubt(row, at, 0)
        : { ...row, state: 'waiting', holder: undefined, next: at, at };
      await this.#commit(known);
      if (known.state === 'waiting') this.handedIn(known);
    }
  }

  /** When what is handed in now is given up, if it cannot be sent. */
  get giveUpAt(): number {
    return this.#options.clock.now() + this.#options.giveUpAfter;
  }

  /** How many are on their way. */
  get unsent(): number {
    return this.#rows.size;
  }

  /** Something has been handed in and is durable. */
  handedIn(row: OutboxRow): void {
    if (this.#rows.has(row.email)) return;
    this.#rows.set(row.email, row);
    const siblings = this.#byConversation.get(row.conversation) ?? new Set();
    this.#byConversation.set(row.conversation, siblings.add(row.email));
    this.#senderOf(row.mailbox).wake();
  }

  /** The settings or a secret of a mailbox have changed: what waits for that is tried at once. */
  changed(mailbox: MailboxId): void {
    this.#senders.get(mailbox)?.tryAgain();
  }

  /**
   * Takes an e-mail back that is still held.
   *
   * @throws {Refusal} `on-its-way` when it is not.
   */
  undo(email: EmailId, draft: DraftId): Promise<void> {
    return this.#alone(email, async () => {
      const row = this.#rows.get(email);
      if (row?.state !== 'held') {
        const stored = row ?? (await this.#options.tables.row(email));
        if (stored?.state === 'undone') return;
        throw onItsWay(stored);
      }
      const at = this.#options.clock.now();
      const undone: OutboxRow = { ...row, state: 'undone', next: undefined, at };
      await this.#durable(undone, row, () =>
        this.#options.correspondence.commit(
          [{ type: 'taken-back', row: undone, draft }],
          [changedFact(undone)],
        ),
      );
    });
  }

  /**
   * Tries once more to send what has failed.
   *
   * @throws {Refusal} `not-failed` when it has not.
   */
  retry(email: EmailId): Promise<Delivery> {
    return this.#alone(email, async () => {
      const row = this.#rows.get(email) ?? (await this.#options.tables.row(email));
      if (row?.state !== 'failed') throw notFailed(row);
      const at = this.#options.clock.now();
      const again: OutboxRow = {
        ...row,
        state: 'waiting',
        at,
        next: at,
        giveUpAt: this.giveUpAt,
        recipients: row.recipients.map((recipient) =>
          recipient.state === 'failed' ? { ...recipient, state: 'waiting' } : recipient,
        ),
      };
      await this.#commit(again);
      this.handedIn(again);
      return deliveryOf(again);
    });
  }

  /** Notes what servers have said of an e-mail that had left. The same report again changes nothing. */
  reported(email: EmailId, report: EmailId, told: readonly ToldDelivery[]): Promise<void> {
    return this.#alone(email, async () => {
      const { tables, clock, correspondence } = this.#options;
      const stored = await tables.row(email);
      const row = this.#rows.get(email) ?? stored;
      if (!row) return;
      const at = clock.now();
      const known = afterReport(row, told, at);
      const reports = told.map(
        ({ recipient, action, status, diagnostic }) =>
          ({ type: 'reported', email, report, recipient, action, status, diagnostic, at }) as const,
      );
      const isNews = known !== row;
      const commit = (): Promise<void> =>
        correspondence.commit(
          isNews ? [{ type: 'outbox-changed', row: known }, ...reports] : reports,
          isNews ? [changedFact(known)] : [],
        );
      await (this.#rows.has(email) ? this.#durable(known, row, commit) : commit());
    });
  }

  /** One after the other what begins with how an e-mail stands in the tables. */
  async #alone<T>(email: EmailId, work: () => Promise<T>): Promise<T> {
    const before = this.#busy.get(email) ?? Promise.resolve();
    const mine = before.then(work, work);
    const ended = mine.catch(() => undefined);
    this.#busy.set(email, ended);
    try {
      return await mine;
    } finally {
      if (this.#busy.get(email) === ended) this.#busy.delete(email);
    }
  }

  #senderOf(mailbox: MailboxId): MailboxSender {
    let sender = this.#senders.get(mailbox);
    if (!sender) {
      const { trace, random = Math.random, ...options } = this.#options;
      sender = new MailboxSender({
        ...options,
        mailbox,
        random,
        waiting: () => this.#waitingOf(mailbox),
        changed: (row) => this.#change(row),
        failed: (error) => trace.warning('outbox.failed', { mailbox, why: messageOf(error) }),
      });
      this.#senders.set(mailbox, sender);
    }
    return sender;
  }

  /** What a mailbox may send, in order: of a conversation nothing that would overtake. */
  #waitingOf(mailbox: MailboxId): OutboxRow[] {
    const now = this.#options.clock.now();
    return [...this.#rows.values()].filter(
      (row) =>
        row.mailbox === mailbox &&
        (row.state === 'held' || row.state === 'waiting') &&
        !this.#overtakes(row, now),
    );
  }

  #overtakes(row: OutboxRow, now: number): boolean {
    for (const email of this.#byConversation.get(row.conversation) ?? []) {
      if (email === row.email) return false;
      const earlier = this.#rows.get(email);
      if (!earlier) continue;
      // one that its own server defers for hours holds nothing up
      if (earlier.state !== 'waiting' || (earlier.next ?? 0) <= now) return true;
    }
    return false;
  }

  async #change(changed: OutboxRow): Promise<void> {
    const before = this.#rows.get(changed.email);
    const row = before ? withReports(changed, before) : changed;
    await this.#durable(row, before, () => this.#commit(row));
    const isLast = before?.state === 'sending' && row.state !== 'sending';
    if (isLast) this.#wakeOthers(row);
  }

  /**
   * An e-mail stands in memory as it is being written down, so that nobody decides on what it no longer is;
   * as it stood before, once that has failed: the tables never heard of it. What has ended is forgotten.
   */
  async #durable(
    row: OutboxRow,
    before: OutboxRow | undefined,
    commit: () => Promise<void>,
  ): Promise<void> {
    const { email } = row;
    this.#rows.set(email, row);
    try {
      await commit();
    } catch (error) {
      const isLatest = this.#rows.get(email) === row;
      if (isLatest && before) this.#rows.set(email, before);
      else if (isLatest) this.#forget(row);
      throw error;
    }
    const hasEnded = !['held', 'waiting', 'sending'].includes(row.state);
    if (!hasEnded || this.#rows.get(email) !== row) return;
    this.#forget(row);
    this.#wakeOthers(row);
  }

  /** What waited behind it may be another mailbox's. */
  #wakeOthers(row: OutboxRow): void {
    for (const email of this.#byConversation.get(row.conversation) ?? []) {
      const next = this.#rows.get(email);
      if (next) this.#senders.get(next.mailbox)?.wake();
    }
  }

  #forget({ email, conversation }: OutboxRow): void {
    this.#rows.delete(email);
    const siblings = this.#byConversation.get(conversation);
    siblings?.delete(email);
    if (siblings?.size === 0) this.#byConversation.delete(conversation);
  }

  async #commit(row: OutboxRow): Promise<void> {
    const facts = row.state === 'sending' ? [] : [changedFact(row)];
    await this.#options.correspondence.commit([{ type: 'outbox-changed', row }], facts);
  }
}

/** What was reported of some recipients while it was being sent to others. */
function withReports(row: OutboxRow, known: OutboxRow): OutboxRow {
  const reported = new Map(
    known.recipients
      .filter(({ state }) => ['delayed', 'delivered', 'bounced'].includes(state))
      .map((recipient) => [recipient.address, recipient]),
  );
  if (reported.size === 0) return row;
  const recipients = row.recipients.map((one) => reported.get(one.address) ?? one);
  return { ...row, recipients };
}

/** That something has become of an e-mail, as the journal keeps it. */
export function changedFact(row: OutboxRow): EmailFact {
  const { problem: _, ...delivery } = deliveryOf(row);
  return { type: 'delivery-changed', conversation: row.conversation, email: row.email, delivery };
}

const onItsWay = (row: OutboxRow | undefined): Refusal =>
  new Refusal('on-its-way', 'It is on its way: it cannot be taken back', {
    delivery: row && deliveryOf(row),
  });

const notFailed = (row: OutboxRow | undefined): Refusal =>
  new Refusal('not-failed', `It has not failed: it is ${row?.state ?? 'not there'}`, {
    delivery: row && deliveryOf(row),
  });
