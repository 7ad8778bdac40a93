/** Looks after one mailbox: whatever is at its server is kept here, once. */
import { describeFailure } from '#base/failure.ts';
import { pause } from '#base/keep-trying.ts';
import { minutes, seconds } from '#base/time.ts';
import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import { acquireLease } from '#platform/database/lease.ts';
import type { Lease } from '#platform/database/lease.ts';
import type { Database } from '#platform/database/database.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { MailFailure } from '../mail-failure.ts';
import { cursorAt } from '../mail-source.ts';
import type { MailCursor, MailSource } from '../mail-source.ts';
import type { WaitingMail } from '../read-mails.ts';
import type { Blobs } from '../tables/blobs.ts';
import type { Incoming, ReceivedTables } from '../tables/received-tables.ts';
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
/** What is kept in one transaction. */
const BATCH = 64;
const BATCH_BYTES = 2 * 1_048_576;

export interface CollectorParts {
  readonly mailbox: MailboxId;
  readonly settings: Mailbox;
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

/** One mailbox with its own connection, deadlines and pauses: it holds up nobody, and nothing holds it up. */
export class Collector implements AsyncDisposable {
  readonly #parts: CollectorParts;
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  /** Ends the present attempt, or the pause before the next. */
  #now = new AbortController();
  /** Those that the server could not give; asked for again with the next connection. */
  readonly #failed = new Set<string>();

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.#running = this.#run();
  }

  /** Begins anew at once, whatever it waits for. */
  lookNow(): void {
    this.#now.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    this.#now.abort();
    await this.#running;
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
    const { tables, mailbox, state } = this.#parts;
    await using source = await this.#parts.open(signal);
    let cursor = await tables.cursor<MailCursor>(mailbox);
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      // With each connection all that is there is compared, not only what came after the cursor
      const isWhole = isFirst || this.#settles || cursor?.type !== 'imap';
      const listing = await source.list(signal, isWhole ? undefined : cursor);
      const last = listing.keys.at(-1);
      const isRenumbered = listing.renumbered || (last !== undefined && isOther(cursor, last));
      const known = await tables.known(mailbox, listing.keys);
      const wanted = listing.keys.filter(
        (key) => !known.has(key) && (isFirst || !this.#failed.has(key)),
      );
      state.looked(wanted.length);
      await this.#fetchAll(source, { wanted, cursor, last, isRenumbered, lease, signal });
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
  async #fetchAll(source: MailSource, look: Look): Promise<void> {
    const { wanted, last } = look;
    const { state, tables, mailbox } = this.#parts;
    const isBacklog = wanted.length > NEWEST;
    const newest = isBacklog ? wanted.slice(-NEWEST) : wanted;
    const rest = isBacklog ? wanted.slice(0, -NEWEST) : [];
    await this.#fetch(source, newest, { ...look, cursor: undefined });
    let newestKey = last;
    for (let at = 0; at < rest.length; at += STRETCH) {
      const stretch = rest.slice(at, at + STRETCH);
      state.left(rest.length - at);
      await this.#fetch(source, stretch, { ...look, movesCursor: true });
      if (newestKey === undefined || cursorAt(newestKey).type !== 'imap') continue;
      const { keys } = await source.list(look.signal, cursorAt(newestKey));
      const known = await tables.known(mailbox, keys);
      await this.#fetch(
        source,
        keys.filter((key) => !known.has(key)),
        { ...look, cursor: undefined },
      );
      newestKey = keys.at(-1) ?? newestKey;
    }
    state.left(0);
    // All up to the last one listed is dealt with
    if (last !== undefined) await this.#keep([], { ...look, cursor: cursorAt(last) });
  }

  async #fetch(source: MailSource, keys: readonly string[], look: Look): Promise<void> {
    const { blobs, clock, settings } = this.#parts;
    if (keys.length === 0) return;
    let keeping: Promise<void> = Promise.resolve();
    let batch: Incoming[] = [];
    let bytes = 0;
    let dealtWith: string | undefined;
    const keep = async (): Promise<void> => {
      const mails = batch;
      const cursor = look.movesCursor && dealtWith !== undefined ? cursorAt(dealtWith) : undefined;
      batch = [];
      bytes = 0;
      await keeping;
      if (mails.length > 0 || cursor) keeping = this.#keep(mails, { ...look, cursor });
      keeping.catch(() => undefined);
    };
    for await (const found of source.fetch(keys, look.signal)) {
      this.#failed.delete(found.key);
      if (found.type === 'unreadable') this.#hasNotGot(found.key, found.failure);
      if (found.type === 'message' && found.size <= settings.largest) {
        try {
          const incoming = await readIncoming(found, { blobs, clock, largest: settings.largest });
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

  async #keep(mails: readonly Incoming[], { cursor, isRenumbered, lease }: Look): Promise<void> {
    const { tables, mailbox, offer } = this.#parts;
    const { fence } = lease;
    const kept = await tables.keep({ mailbox, fence, mails, cursor, isRenumbered });
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
    const done = await this.#parts.tables.doneKeys(this.#parts.mailbox, keys);
    if (done.length > 0) await source.settle(done, signal);
  }
}

/** One look at what a server has. */
interface Look {
  readonly wanted: readonly string[];
  readonly cursor: MailCursor | undefined;
  /** The last that was listed. */
  readonly last: string | undefined;
  readonly isRenumbered: boolean;
  readonly movesCursor?: boolean;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/** Whether the server has numbered its messages anew since. */
function isOther(cursor: MailCursor | undefined, key: string): boolean {
  const now = cursorAt(key);
  return cursor?.type === 'imap' && now.type === 'imap' && cursor.uidValidity !== now.uidValidity;
}
