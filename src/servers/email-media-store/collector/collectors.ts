/** Looks after all mailboxes whose mail is fetched, as the configuration says at every moment. */
import type { Clock } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import type { Database } from '#platform/database/database.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { MailSource } from '../mail-source.ts';
import type { Fetching } from '../open-mail-source.ts';
import type { WaitingMail } from '../read-mails.ts';
import type { Blobs } from '../tables/blobs.ts';
import type { ReceivedTables } from '../tables/received-tables.ts';
import { Collector } from './collector.ts';
import { MailboxState } from './mailbox-state.ts';
import type { MailboxStatus } from './mailbox-state.ts';

export interface CollectorsParts {
  readonly clock: Clock;
  readonly database: Database;
  readonly health: Health;
  readonly trace: Trace;
  readonly instance: string;
  readonly home: string;
  readonly tables: ReceivedTables;
  readonly blobs: Blobs;
  /** Opens a mailbox with the secrets that are kept. @throws {MailFailure} */
  readonly open: (
    mailbox: MailboxId,
    receive: Fetching,
    signal: AbortSignal,
  ) => Promise<MailSource>;
  /** Takes on what has become durable. */
  readonly offer: (mails: readonly WaitingMail[]) => void;
}

interface Running {
  readonly collector: Collector;
  readonly state: MailboxState;
  /** The settings it runs with. */
  readonly settings: string;
  end(): Promise<void>;
}

export class Collectors implements AsyncDisposable {
  readonly #parts: CollectorsParts;
  readonly #running = new Map<MailboxId, Running>();
  /** Those that are being stopped: another with the same mailbox begins after them. */
  readonly #ending = new Map<MailboxId, Promise<void>>();
  #mailboxes: ReadonlyMap<MailboxId, Mailbox> = new Map();
  #closed = false;

  constructor(parts: CollectorsParts) {
    this.#parts = parts;
  }

  /** Takes the mailboxes as they are now: what has changed of one takes effect at once, the others go on. */
  update(mailboxes: ReadonlyMap<MailboxId, Mailbox>): void {
    this.#mailboxes = new Map(mailboxes);
    for (const mailbox of this.#running.keys()) this.#renew(mailbox);
    for (const mailbox of mailboxes.keys()) this.#renew(mailbox);
  }

  /** Begins anew with a mailbox, as when a secret of its was set. */
  restart(mailbox: MailboxId): void {
    this.#running.get(mailbox)?.collector.lookNow();
  }

  /** The one that looks after a mailbox; nothing where its mail is not fetched. */
  of(mailbox: MailboxId): Collector | undefined {
    return this.#running.get(mailbox)?.collector;
  }

  status(mailbox: MailboxId): MailboxStatus {
    const running = this.#running.get(mailbox);
    if (running) return running.state.status;
    const settings = this.#mailboxes.get(mailbox);
    const isGiven = settings?.enabled && settings.receive.type === 'smtp';
    return { ...NO_STATUS, state: isGiven ? 'good' : 'off' };
  }

  /** How many fare how. */
  counts(): ReadonlyMap<MailboxStatus['state'], number> {
    const counts = new Map<MailboxStatus['state'], number>();
    for (const mailbox of this.#mailboxes.keys()) {
      const { state } = this.status(mailbox);
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const mailbox of this.#running.keys()) this.#end(mailbox);
    await Promise.all(this.#ending.values());
  }

  #renew(mailbox: MailboxId): void {
    if (this.#closed) return;
    const settings = this.#mailboxes.get(mailbox);
    const running = this.#running.get(mailbox);
    const wanted = settings?.enabled && isFetched(settings) ? JSON.stringify(settings) : undefined;
    if (running?.settings === wanted) return;
    if (running) this.#end(mailbox);
    // Begins once the one before has left: its end asks again
    else if (settings && wanted !== undefined && !this.#ending.has(mailbox)) {
      this.#begin(mailbox, settings, wanted);
    }
  }

  #begin(mailbox: MailboxId, settings: Mailbox, wanted: string): void {
    const { receive } = settings;
    if (receive.type !== 'imap' && receive.type !== 'pop3') return;
    const { clock, health, open } = this.#parts;
    const state = new MailboxState({ mailbox, clock, health, alarmAfter: settings.alarmAfter });
    const collector = new Collector({
      ...this.#parts,
      mailbox,
      settings,
      receive,
      state,
      open: (signal) => open(mailbox, receive, signal),
    });
    this.#running.set(mailbox, {
      collector,
      state,
      settings: wanted,
      async end() {
        await collector[Symbol.asyncDispose]();
        state[Symbol.dispose]();
      },
    });
  }

  #end(mailbox: MailboxId): void {
    const running = this.#running.get(mailbox);
    if (!running) return;
    this.#running.delete(mailbox);
    this.#ending.set(mailbox, this.#endThenRenew(mailbox, running));
  }

  async #endThenRenew(mailbox: MailboxId, running: Running): Promise<void> {
    await running.end();
    this.#ending.delete(mailbox);
    this.#renew(mailbox);
  }
}

const isFetched = ({ receive }: Mailbox): boolean =>
  receive.type === 'imap' || receive.type === 'pop3';

const NO_STATUS: MailboxStatus = {
  state: 'off',
  problem: undefined,
  lookedAt: undefined,
  next: undefined,
  alarm: false,
  backlog: undefined,
};
