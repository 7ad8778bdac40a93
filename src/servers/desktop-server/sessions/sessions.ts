import { createHash, randomBytes } from 'node:crypto';
import { type Clock, type Instant, hours, seconds } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { type SessionLimits, endOf, noteUseEvery } from '../rules/session-life.ts';
import type { SessionTable, StoredSession } from './tables.ts';

/** How long what was read of a session is believed: so long may another desktop server's sign-out go unnoticed. */
const BELIEVED_FOR = seconds(30);
const SWEEP_EVERY = hours(1);
/** Sessions kept in memory; one more and all are read anew. */
const MOST_CACHED = 20_000;

/** 256 bits, as base64url. */
const SECRET = /^[\w-]{43}$/;

interface Cached {
  session: StoredSession;
  readAt: Instant;
  writtenAt: Instant;
}

export interface SessionsOptions {
  readonly table: SessionTable;
  readonly limits: SessionLimits;
  readonly clock: Clock;
  readonly trace: Trace;
}

/** Who is signed in by which secret. Outlives restarts; a secret is nowhere but in its browser. */
export class Sessions implements AsyncDisposable {
  readonly #table: SessionTable;
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #cache = new Map<string, Cached>();
  readonly #listeners = new Set<(key: string) => void>();
  #sweep: Disposable | undefined;
  #noting: Promise<unknown> = Promise.resolve();

  constructor(options: SessionsOptions) {
    this.#table = options.table;
    this.#limits = options.limits;
    this.#clock = options.clock;
    this.#trace = options.trace;
    this.#sweepLater();
  }

  /** Opens a session for somebody who has proven who they are. @returns Its secret. */
  async open(agent: AgentId, address: string): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const now = this.#clock.now();
    const session = { agent, openedAt: now, usedAt: now };
    await this.#table.add(hashOf(secret), session, address);
    this.#remember(keyOf(secret), session);
    return secret;
  }

  /** Whose session it is, if it still holds; and takes note that it is being used. */
  async find(secret: string): Promise<AgentId | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const key = keyOf(secret);
    const now = this.#clock.now();
    const cached = this.#cache.get(key);
    // What seems to have ended may have been used at another desktop server: then only the table knows.
    const entry =
      cached && now - cached.readAt < BELIEVED_FOR && endOf(cached.session, this.#limits) > now
        ? cached
        : await this.#read(key, cached);
    if (!entry) {
      if (cached) this.#forget(key);
      return undefined;
    }
    if (endOf(entry.session, this.#limits) <= now) {
      await this.#end(key);
      return undefined;
    }
    this.#noteUse(key, entry, now);
    return entry.session.agent;
  }

  async end(secret: string): Promise<void> {
    if (SECRET.test(secret)) await this.#end(keyOf(secret));
  }

  /** Ends all sessions of an agent: their password changed, or they may no longer come in. */
  async endAllOf(agent: AgentId): Promise<void> {
    for (const hash of await this.#table.removeOf(agent)) this.#forget(hash.toString('hex'));
  }

  /** Calls `listener` when the session with that secret ends here; by time it ends when somebody next asks. */
  onEnded(secret: string, listener: () => void): Disposable {
    const key = keyOf(secret);
    const heard = (ended: string): void => {
      if (ended === key) listener();
    };
    this.#listeners.add(heard);
    return { [Symbol.dispose]: () => void this.#listeners.delete(heard) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweep?.[Symbol.dispose]();
    await this.#noting;
  }

  /** While the database is gone, what was known before has to do: those who are in stay in. */
  async #read(key: string, before: Cached | undefined): Promise<Cached | undefined> {
    try {
      const session = await this.#table.find(Buffer.from(key, 'hex'));
      return session && this.#remember(key, session);
    } catch (error) {
      if (before && error instanceof DatabaseGoneError) return before;
      throw error;
    }
  }

  #remember(key: string, session: StoredSession): Cached {
    if (this.#cache.size >= MOST_CACHED) this.#cache.clear();
    const known = this.#cache.get(key)?.session.usedAt ?? 0;
    const entry = {
      session: { ...session, usedAt: Math.max(session.usedAt, known) },
      readAt: this.#clock.now(),
      writtenAt: session.usedAt,
    };
    this.#cache.set(key, entry);
    return entry;
  }

  #noteUse(key: string, entry: Cached, now: Instant): void {
    entry.session = { ...entry.session, usedAt: now };
    if (now - entry.writtenAt < noteUseEvery(this.#limits)) return;
    entry.writtenAt = now;
    this.#noting = this.#table.noteUse(Buffer.from(key, 'hex'), now).catch((error: unknown) => {
      this.#trace.warning('session.use-not-noted', {}, error);
    });
  }

  async #end(key: string): Promise<void> {
    await this.#table.remove(Buffer.from(key, 'hex'));
    this.#forget(key);
  }

  #forget(key: string): void {
    this.#cache.delete(key);
    for (const listener of this.#listeners) listener(key);
  }

  #sweepLater(): void {
    this.#sweep = this.#clock.after(SWEEP_EVERY, () => {
      const now = this.#clock.now();
      this.#noting = this.#table
        .removeOld(now - this.#limits.longest, now - this.#limits.idle - hours(1))
        .catch((error: unknown) => this.#trace.warning('session.sweep-failed', {}, error));
      this.#sweepLater();
    });
  }
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const keyOf = (secret: string): string => hashOf(secret).toString('hex');
