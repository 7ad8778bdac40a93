/** Looks after one mailbox: whatever is at its server is kept here, once. */
import { describeFailure } from '#base/failure.ts';
import { pause } from '#base/keep-trying.ts';
import { minutes, seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import { acquireLease } from '#platform/database/lease.ts';
import type { Lease } from '#platform/database/lease.ts';
import type { Database } from '#platform/database/database.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { MailFailure } from '../mail-failure.ts';
import { cursorAt } from '../mail-source.ts';
import type { MailCursor, MailSource } from '../mail-source.ts';
import type { Fetching } from '../open-mail-source.ts';
import type { WaitingMail } from '../read-mails.ts';
import type { Blobs } from '../tables/blobs.ts';
import type { Incoming, Origin, ReceivedTables } from '../tables/received-tables.ts';
import { compare } from '../reconcile/compare.ts';
import type { Comparison } from '../reconcile/compare.ts';
import type { StoredMail } from '../stored-mail.ts';
import type { MailboxState } from './mailbox-state.ts';
import { readIncoming, TooLargeError } from './read-incoming.ts';

/** Between two attempts at a server that is away: each time twice as long. */
const FIRST_PAUSE: Milliseconds = seconds(1);
const LONGEST_PAUSE: Milliseconds = seconds(60);
/** Where somebody must act first, a provider might lock us out if we asked more often. */
const PERMANENT_PAUSE: Milliseconds = minutes(5);

/**
 * A lease is renewed five times in this, for each mailbox: it may last, since the unique keys of messages keep all safe
 * without it, too.
 */
const LEASE: Milliseconds = seconds(60);
/** Whoever waits for somebody else's mailbox does not ask more often. */
const LEASE_PAUSE: Milliseconds = seconds(2);

/** Of a backlog the newest come first: so many. */
const NEWEST = 50;
/** After so many of a backlog it is looked whether something new has come. */
const STRETCH = 200;
/** As much as a message may have where somebody asks for it. */
const LARGEST = 1_073_741_824;
/** What is kept in one transaction. */
const BATCH = 64;
const BATCH_BYTES = 2 * 1_048_576;

export interface CollectorParts {
  readonly mailbox: MailboxId;
  readonly settings: Mailbox;
  readonly receive: Fetching;
  /** Opens what is at its server. @throws {MailFailure} */
  readonly open: (signal: AbortSignal) => Promise<MailSource>;
  readonly database: Database;
  readonly tables: ReceivedTables;
  readonly blobs: Blobs;
  readonly state: MailboxState;
  readonly clock: Clock;
  readonly trace: Trace;
  /** This running process, and what it has that no other has. */
  readonly instance: string;
  readonly home: string;
  /** Takes on what has become durable. */
  readonly offer: (mails: readonly WaitingMail[]) => void;
}

/** What somebody wants done at the server, before it is looked for news again. */
interface Errand {
  run(source: MailSource, lease: Lease, signal: AbortSignal): Promise<void>;
  failed(error: unknown): void;
}

/** One mailbox with its own connection, deadlines and pauses: it holds up nobody, and nothing holds it up. */
export class Collector implements AsyncDisposable {
  readonly #parts: CollectorParts;
  readonly #origin: Origin;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  /** Ends the present attempt, or the pause before the next. */
  #now = new AbortController();
  /** Those that the server could not give; asked for again with the next connection. */
  readonly #failed = new Set<string>();
  #errands: Errand[] = [];

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.#origin = { mailbox: parts.mailbox, account: accountOf(parts.receive) };
    this.#running = this.#run();
  }

  /** Begins anew at once, whatever it waits for. */
  lookNow(): void {
    this.#now.abort();
  }

  /**
   * Compares what the server has with what is held.
   *
   * @throws {MailFailure} If it cannot be reached now. @throws The signal's reason.
   */
  compare(signal: AbortSignal): Promise<Comparison> {
    return this.#ask(signal, (source, _lease, busy) =>
      compare(source, {
        origin: this.#origin,
        tables: this.#parts.tables,
        largest: this.#parts.settings.largest,
        failed: this.#failed,
        signal: busy,
      }),
    );
  }

  /**
   * Fetches messages by their keys, of any size; those that are held already stay as they are.
   *
   * @returns Those that are new here. @throws As `compare` does.
   */
  fetchAgain(keys: readonly string[], signal: AbortSignal): Promise<readonly StoredMail[]> {
    return this.#ask(signal, async (source, lease, busy) => {
      const known = await this.#parts.tables.known(this.#origin, keys);
      const fresh: StoredMail[] = [];
      await this.#fetch(
        source,
        keys.filter((key) => !known.has(key)),
        { lease, signal: busy, largest: LARGEST, isRenumbered: false, fresh },
      );
      return fresh;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    this.#now.abort();
    await this.#running;
    this.#refuseErrands(new Error('Cannot ask the server: the mailbox is switched off'));
  }

  #ask<T>(
    signal: AbortSignal,
    work: (source: MailSource, lease: Lease, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const errand: Errand = {
      async run(source, lease, busy) {
        if (!signal.aborted) resolve(await work(source, lease, AbortSignal.any([busy, signal])));
      },
      failed: reject,
    };
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#errands.push(errand);
    this.lookNow();
    return promise.finally(() => signal.removeEventListener('abort', stop));
  }

  #refuseErrands(error: unknown): void {
    for (const errand of this.#errands.splice(0)) errand.failed(error);
  }

  async #run(): Promise<void> {
    const { clock, database, mailbox, instance, home } = this.#parts;
    const { signal } = this.#life;
    let wait = FIRST_PAUSE;
    while (!signal.aborted) {
      this.#now = new AbortController();
      const now = AbortSignal.any([signal, this.#now.signal]);
      const began = clock.monotonic();
      try {
        await using lease = await acquireLease(database, {
          name: `email.mailbox.${mailbox}`,
          owner: instance,
          home: `${home} ${mailbox}`,
          duration: LEASE,
          meanwhile: () => pause(clock, LEASE_PAUSE, now),
          clock,
          signal,
        });
        await this.#look(lease, AbortSignal.any([now, lease.lost]));
      } catch (error) {
        if (signal.aborted) return;
        if (!this.#now.signal.aborted) this.#refuseErrands(error);
        if (!now.aborted) wait = this.#hasFailed(error, wait);
      }
      if (this.#now.signal.aborted) {
        wait = FIRST_PAUSE; // somebody wants it now
        continue;
      }
      await pause(clock, wait, now);
      // What went well for longer than the longest pause had come up
      wait =
        clock.monotonic() - began > 2 * LONGEST_PAUSE
          ? FIRST_PAUSE
          : Math.min(wait * 2, LONGEST_PAUSE);
    }
  }

  /** @returns How long to wait before it is tried again. */
  #hasFailed(error: unknown, wait: Milliseconds): Milliseconds {
    const { clock, state, trace, mailbox } = this.#parts;
    const isPermanent = error instanceof MailFailure && error.kind === 'permanent';
    const next = isPermanent ? PERMANENT_PAUSE : wait;
    const problem =
      error instanceof MailFailure ? `${error.what}. ${error.advice}` : describeFailure(error);
    state.failed(isPermanent, problem, clock.now() + next);
    trace.warning('mailbox.not-looked-at', { mailbox }, error);
    return next;
  }

  /** Looks, and goes on looking, until something goes wrong. */
  async #look(lease: Lease, signal: AbortSignal): Promise<void> {
    const { tables, state } = this.#parts;
    await using source = await this.#parts.open(signal);
    for (const errand of this.#errands.splice(0)) {
      await errand.run(source, lease, signal).catch((error: unknown) => {
        errand.failed(error);
        if (!(error instanceof MailFailure)) this.#now.abort(); // it is nothing of the mailbox's
        throw error;
      });
    }
    const { hasMoved, ...held } = await tables.cursor(this.#origin);
    let { cursor } = held;
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      // With each connection all that is there is compared, not only what came after the cursor
      const isWhole = isFirst || this.#settles || cursor?.type !== 'imap';
      const listing = await source.list(signal, isWhole ? undefined : cursor);
      const last = listing.keys.at(-1);
      const isRenumbered =
        hasMoved || listing.renumbered || (last !== undefined && isOther(cursor, last));
      const known = await tables.known(this.#origin, listing.keys);
      const wanted = listing.keys.filter(
        (key) => !known.has(key) && (isFirst || !this.#failed.has(key)),
      );
      state.looked(wanted.length);
      const { largest } = this.#parts.settings;
      await this.#fetchAll(source, wanted, last, { isRenumbered, lease, signal, largest });
      if (last !== undefined) cursor = cursorAt(last);
      if (this.#settles) await this.#settle(source, listing.keys, signal);
      await source.news(signal);
    }
    signal.throwIfAborted();
  }

  get #settles(): boolean {
    const { receive } = this.#parts.settings;
    return 'after' in receive && receive.after !== 'leave';
  }

  /** The newest first, then the rest from its beginning, and what comes meanwhile before all that. */
  async #fetchAll(
    source: MailSource,
    wanted: readonly string[],
    last: string | undefined,
    look: Look,
  ): Promise<void> {
    const { state, tables } = this.#parts;
    const isBacklog = wanted.length > NEWEST;
    await this.#fetch(source, isBacklog ? wanted.slice(-NEWEST) : wanted, look);
    const rest = isBacklog ? wanted.slice(0, -NEWEST) : [];
    let newest = last;
    for (let at = 0; at < rest.length; at += STRETCH) {
      state.left(rest.length - at);
      await this.#fetch(source, rest.slice(at, at + STRETCH), { ...look, movesCursor: true });
      if (newest === undefined || cursorAt(newest).type !== 'imap') continue;
      const { keys } = await source.list(look.signal, cursorAt(newest));
      const known = await tables.known(this.#origin, keys);
      await this.#fetch(
        source,
        keys.filter((key) => !known.has(key)),
        look,
      );
      newest = keys.at(-1) ?? newest;
    }
    state.left(0);
    // All up to the last one listed is dealt with
    if (last !== undefined && wanted.length > 0) await this.#keep([], look, cursorAt(last));
  }

  async #fetch(source: MailSource, keys: readonly string[], look: Look): Promise<void> {
    const { blobs, clock } = this.#parts;
    if (keys.length === 0) return;
    let keeping: Promise<void> = Promise.resolve();
    let batch: Incoming[] = [];
    let bytes = 0;
    let dealtWith: string | undefined;
    const keep = async (): Promise<void> => {
      const mails = batch;
      const cursor = look.movesCursor && dealtWith ? cursorAt(dealtWith) : undefined;
      batch = [];
      bytes = 0;
      await keeping;
      if (mails.length > 0 || cursor) keeping = this.#keep(mails, look, cursor);
      keeping.catch(() => undefined);
    };
    for await (const found of source.fetch(keys, look.signal)) {
      this.#failed.delete(found.key);
      if (found.type === 'unreadable') this.#hasNotGot(found.key, found.failure);
      if (found.type === 'message' && found.size <= look.largest) {
        try {
          const incoming = await readIncoming(found, { blobs, clock, largest: look.largest });
          batch.push(incoming);
          bytes += 'sha256' in incoming.raw ? 0 : incoming.raw.length;
        } catch (error) {
          const isItsOwn = error instanceof MailFailure && !error.endsSource;
          if (!isItsOwn && !(error instanceof TooLargeError)) throw error;
          this.#hasNotGot(found.key, error);
        }
      }
      dealtWith = found.key;
      if (batch.length >= BATCH || bytes >= BATCH_BYTES) await keep();
    }
    await keep();
    await keeping;
  }

  #hasNotGot(key: string, error: unknown): void {
    const { mailbox, trace } = this.#parts;
    this.#failed.add(key);
    trace.warning('mail.not-fetched', { mailbox, key }, error);
  }

  async #keep(mails: readonly Incoming[], look: Look, cursor?: MailCursor): Promise<void> {
    const { tables, offer } = this.#parts;
    const { isRenumbered, lease, fresh } = look;
    const { fence } = lease;
    const kept = await tables.keep({ ...this.#origin, fence, mails, cursor, isRenumbered });
    fresh?.push(...kept.flatMap((each) => (each && !each.isKnown ? [each.mail] : [])));
    offer(
      kept.flatMap((each, at): WaitingMail[] => {
        if (!each || each.isKnown) return [];
        const raw = mails[at]?.raw;
        const bytes = raw && !('sha256' in raw) ? raw : undefined;
        return [{ mail: { ...each.mail, tries: 0 }, bytes }];
      }),
    );
  }

  async #settle(source: MailSource, keys: readonly string[], signal: AbortSignal): Promise<void> {
    const done = await this.#parts.tables.doneKeys(this.#origin, keys);
    if (done.length > 0) await source.settle(done, signal);
  }
}

/** How messages are fetched. */
interface Look {
  readonly isRenumbered: boolean;
  /** They are the oldest that are not held: with each the cursor moves. */
  readonly movesCursor?: boolean;
  /** The most bytes of a message. */
  readonly largest: number;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  /** Takes note of what was new. */
  readonly fresh?: StoredMail[];
}

/** What the keys of a server belong to: another account may give the same ones to other messages. */
function accountOf(receive: Fetching): string {
  const { type, host, signIn } = receive;
  const folder = type === 'imap' ? `/${receive.folder}` : '';
  return `${type}://${signIn.user.toLowerCase()}@${host.toLowerCase()}${folder}`;
}

/** Whether the server has numbered its messages anew since. */
function isOther(cursor: MailCursor | undefined, key: string): boolean {
  const now = cursorAt(key);
  return cursor?.type === 'imap' && now.type === 'imap' && cursor.uidValidity !== now.uidValidity;
}
