import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Health } from '#platform/platform.ts';

/** How a mailbox fares. */
export interface MailboxStatus {
  readonly state: 'off' | 'waiting' | 'good' | 'failing' | 'refused';
  readonly problem: string | undefined;
  /** The last successful look. */
  readonly lookedAt: Instant | undefined;
  /** When it is tried again. */
  readonly next: Instant | undefined;
  /** Looked at for too long without success. */
  readonly alarm: boolean;
  /** At the server and not yet fetched, where that is known. */
  readonly backlog: number | undefined;
}

export interface MailboxStateParts {
  readonly mailbox: MailboxId;
  readonly clock: Clock;
  readonly health: Health;
  /** After so long without a successful look there is an alarm. */
  readonly alarmAfter: Milliseconds;
}

/**
 * Keeps how a mailbox fares, and tells the control panel.
 *
 * ```
 * waiting ──▶ good ◀──▶ failing (tried again soon) ◀──▶ refused (somebody must act; tried again all the same)
 * ```
 */
export class MailboxState {
  readonly #parts: MailboxStateParts;
  #state: MailboxStatus['state'] = 'waiting';
  #problem: string | undefined;
  #lookedAt: Instant | undefined;
  #next: Instant | undefined;
  #backlog: number | undefined;
  /** Since when a look is overdue: the last good one, or the start. */
  #since: Milliseconds;
  #alarm: Disposable | undefined;

  constructor(parts: MailboxStateParts) {
    this.#parts = parts;
    this.#since = parts.clock.monotonic();
    this.#watch();
  }

  get status(): MailboxStatus {
    return {
      state: this.#state,
      problem: this.#problem,
      lookedAt: this.#lookedAt,
      next: this.#next,
      alarm: this.#isLate(),
      backlog: this.#backlog,
    };
  }

  /** The server told what it has. */
  looked(backlog: number): void {
    const { clock } = this.#parts;
    this.#state = 'good';
    this.#problem = undefined;
    this.#next = undefined;
    this.#lookedAt = clock.now();
    this.#since = clock.monotonic();
    this.#backlog = backlog;
    this.#watch();
    this.#report();
  }

  left(backlog: number): void {
    this.#backlog = backlog;
  }

  failed(isPermanent: boolean, problem: string, next: Instant): void {
    this.#state = isPermanent ? 'refused' : 'failing';
    this.#problem = problem;
    this.#next = next;
    this.#report();
  }

  [Symbol.dispose](): void {
    this.#alarm?.[Symbol.dispose]();
    this.#parts.health.report(this.#part, 'good');
  }

  get #part(): string {
    return `mailbox ${this.#parts.mailbox}`;
  }

  #isLate(): boolean {
    const { clock, alarmAfter } = this.#parts;
    return clock.monotonic() - this.#since >= alarmAfter;
  }

  #watch(): void {
    const { clock, alarmAfter } = this.#parts;
    this.#alarm?.[Symbol.dispose]();
    this.#alarm = clock.after(alarmAfter, () => this.#report());
  }

  #report(): void {
    const { health } = this.#parts;
    if (this.#isLate()) {
      const since =
        this.#lookedAt === undefined ? '' : ` since ${new Date(this.#lookedAt).toISOString()}`;
      const problem = this.#problem ?? 'its server does not answer';
      return health.report(this.#part, 'bad', `It could not be looked at${since}: ${problem}`);
    }
    if (this.#problem === undefined) return health.report(this.#part, 'good');
    health.report(this.#part, 'degraded', this.#problem);
  }
}
