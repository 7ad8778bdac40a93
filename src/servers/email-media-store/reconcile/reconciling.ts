/** Compares mailboxes with what is held of them, every night and when somebody asks, and fetches what is missing. */
import { describeFailure } from '#base/failure.ts';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { days, hours, minutes } from '#base/time.ts';
import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Collector } from '../collector/collector.ts';
import type { MailCheck } from '../contract/mailboxes.ts';
import type { Blobs } from '../tables/blobs.ts';
import type { CheckTables } from '../tables/check-tables.ts';
import type { ReceivedCounts } from '../tables/received-counts.ts';

/** When mail servers and agents have least to do, UTC. */
const NIGHTLY: Milliseconds = hours(2);
/** For one mailbox of a night. */
const PATIENCE: Milliseconds = minutes(10);

export interface ReconcilingParts {
  readonly clock: Clock;
  readonly tables: CheckTables;
  readonly counts: ReceivedCounts;
  readonly blobs: Blobs;
  readonly health: Health;
  readonly trace: Trace;
  /** The mailboxes whose mail is fetched. */
  readonly mailboxes: () => Iterable<MailboxId>;
  readonly collectorOf: (mailbox: MailboxId) => Collector | undefined;
}

export class Reconciling implements AsyncDisposable {
  readonly #parts: ReconcilingParts;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;

  constructor(parts: ReconcilingParts) {
    this.#parts = parts;
    const { clock, trace } = parts;
    this.#running = keepTrying((signal) => this.#everyNight(signal), {
      clock,
      signal: this.#life.signal,
      failed: (error) => trace.fault('mail.not-reconciled', error),
    });
  }

  /**
   * Compares one mailbox, and keeps what was found.
   *
   * @throws {MailFailure} If its server cannot be asked. @throws The signal's reason.
   */
  async check(mailbox: MailboxId, signal: AbortSignal): Promise<MailCheck> {
    const { clock, collectorOf, counts, health, tables } = this.#parts;
    const collector = collectorOf(mailbox);
    if (!collector) throw new Error(`Cannot compare "${mailbox}": its mail is not fetched`);
    const compared = { mailbox, at: clock.now(), ...(await collector.compare(signal)) };
    await tables.put(compared);
    const { unfiled } = await counts.held(mailbox);
    const check: MailCheck = { ...compared, brought: false, unfiled };
    const lost = check.gaps.filter(({ reason }) => reason === 'missing' || reason === 'failed');
    const part = `mailbox ${mailbox} reconciliation`;
    if (lost.length === 0) health.report(part, 'good');
    else {
      const many = lost.length === 1 ? 'A message is' : `${lost.length} messages are`;
      health.report(part, 'degraded', `${many} at its server and not here: see emcee mail check`);
    }
    return check;
  }

  /** Counts what servers brought to a mailbox by themselves. */
  async count(mailbox: MailboxId): Promise<MailCheck> {
    const { clock, counts } = this.#parts;
    const { held, unfiled } = await counts.held(mailbox);
    const at = clock.now();
    return { mailbox, at, brought: true, server: held, held, unfiled, gaps: [], gapsInAll: 0 };
  }

  /** What the last comparisons found. */
  async checks(): Promise<MailCheck[]> {
    const { clock, counts, tables } = this.#parts;
    const [checks, now] = await Promise.all([tables.all(), counts.mailboxes(clock.now())]);
    return checks.map((check) => {
      const { unfiled = 0 } = now.get(check.mailbox) ?? {};
      return { ...check, brought: false, unfiled };
    });
  }

  /** Compares all mailboxes, fetches what is missing, and takes away bytes that nothing needs. */
  async night(signal: AbortSignal): Promise<void> {
    const { blobs, clock, mailboxes, trace } = this.#parts;
    for (const mailbox of mailboxes()) {
      const late = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      try {
        await this.#reconcile(mailbox, late);
      } catch (error) {
        signal.throwIfAborted();
        trace.warning('mailbox.not-compared', { mailbox, problem: describeFailure(error) });
      }
    }
    const swept = await blobs.sweep(clock);
    trace.info('mail.reconciled', { swept });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #reconcile(mailbox: MailboxId, signal: AbortSignal): Promise<void> {
    const collector = this.#parts.collectorOf(mailbox);
    if (!collector) return;
    const { gaps } = await this.check(mailbox, signal);
    const keys = gaps
      .filter(({ reason }) => reason === 'missing' || reason === 'failed')
      .map(({ key }) => key);
    if (keys.length === 0) return;
    const fresh = await collector.fetchAgain(keys, signal);
    this.#parts.trace.warning('mailbox.gaps-closed', {
      mailbox,
      gaps: keys.length,
      fetched: fresh.length,
    });
    await this.check(mailbox, signal);
  }

  async #everyNight(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    while (!signal.aborted) {
      await pause(clock, untilNight(clock.now()), signal);
      if (!signal.aborted) await this.night(signal);
    }
  }
}

function untilNight(now: Instant): Milliseconds {
  const today = now - (now % days(1)) + NIGHTLY;
  return today > now ? today - now : today + days(1) - now;
}
