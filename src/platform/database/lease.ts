import { setTimeout as sleep } from 'node:timers/promises';
import { seconds, systemClock } from '#base/time.ts';
import { DatabaseGoneError } from './database.ts';
import { prepareSchema } from './migrate.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Fence } from '#platform/journal/journal.ts';
import type { Database } from './database.ts';

/**
 * Ownership of something that only one process may have, for a time, renewed while the process lives.
 *
 * ```
 * held ─▶ in doubt ─▶ held      not renewed in time: stop deciding and answering until it is
 *   └────────┴──────▶ lost      another process has it, for good
 * ```
 * The fence makes this safe whatever the clocks do: every batch of writes proves the epoch.
 */
export interface Lease extends AsyncDisposable {
  /** What each batch of writes must prove. */
  readonly fence: Fence;
  /** Whether it surely has not expired: by this process's monotonic clock, on the safe side. */
  readonly isHeld: boolean;
  /**
   * Resolves once it is held: at once, or when a doubt is over.
   *
   * @throws {Error} When it is lost, or given back.
   */
  sure(): Promise<void>;
  /**
   * Calls `changed` when the doubt has lasted so long that somebody else may have it by now, and again
   * when it turned out otherwise. A doubt that the next renewal ends is not told.
   */
  onDoubt(changed: (isDoubtful: boolean) => void): Disposable;
  /** Aborts when another process has taken it: drop all state. */
  readonly lost: AbortSignal;
}

export interface LeaseOptions {
  readonly name: string;
  /** This running process, new at every start. */
  readonly owner: string;
  /**
   * Something that one process has at a time, as a locked data directory: whoever has it now need not wait
   * for the lease of the one that had it before to expire, for that one is dead.
   */
  readonly home?: string;
  /** How long it lasts without renewal (default 10 s): how long a takeover takes when a machine vanishes. */
  readonly duration?: Milliseconds;
  /** Done again and again while somebody else has it; the next try waits for it. */
  readonly meanwhile?: () => Promise<void>;
  readonly clock?: Clock;
  /** Ends the waiting for somebody else's lease. */
  readonly signal?: AbortSignal;
}

/** An owner stops this part of the duration early: its request to renew may have dawdled on the way. */
const SAFETY = 0.2;
const RENEWALS_PER_DURATION = 5;
const DEFAULT_DURATION = seconds(10);
const LONGEST_POLL = 250;

/** Makes the table of leases where it is missing. Safe to call at every start. */
export function prepareLeases(database: Database): Promise<void> {
  return prepareSchema(
    database,
    'platform',
    'leases',
    `create table platform.leases (
       name       text        primary key,
       owner      text        not null,
       home       text,
       epoch      bigint      not null, -- rises with every change of owner: the fencing token
       expires_at timestamptz not null  -- by the database's clock, the only one that counts
     )`,
  );
}

/**
 * Takes the lease; waits while another process holds it. Disposing the lease gives it back at once.
 *
 * @throws The signal's reason, when that ends the waiting.
 */
export async function acquireLease(database: Database, options: LeaseOptions): Promise<Lease> {
  const { duration = DEFAULT_DURATION, clock = systemClock, signal, meanwhile } = options;
  for (;;) {
    signal?.throwIfAborted();
    const asked = clock.monotonic();
    const taken = await take(database, options, duration);
    if (taken.epoch !== undefined) {
      return new HeldLease(database, options, taken.epoch, asked + duration * (1 - SAFETY));
    }
    const wait = Math.min(Math.max(taken.wait, 10), LONGEST_POLL);
    const pause = sleep(wait, undefined, signal && { signal });
    await Promise.all([pause, meanwhile?.()]);
  }
}

type Taken =
  | { readonly epoch: number }
  | { readonly epoch?: undefined; readonly wait: Milliseconds };

async function take(
  database: Database,
  { name, owner, home }: LeaseOptions,
  duration: Milliseconds,
): Promise<Taken> {
  const [row] = await database.query<{ epoch: number }>({
    text: `
      insert into platform.leases as lease (name, owner, home, epoch, expires_at)
      values ($1, $2, $3, 1, clock_timestamp() + $4 * interval '1 ms')
      on conflict (name) do update
      set owner = excluded.owner, home = excluded.home, epoch = lease.epoch + 1,
          expires_at = clock_timestamp() + $4 * interval '1 ms'
      where lease.expires_at <= clock_timestamp() or lease.home = excluded.home
      returning epoch`,
    values: [name, owner, home ?? null, duration],
  });
  if (row) return row;
  const [held] = await database.query<{ wait: number }>({
    text: `
      select (extract(epoch from expires_at - clock_timestamp()) * 1000)::float8 as wait
      from platform.leases where name = $1`,
    values: [name],
  });
  return { wait: held?.wait ?? 0 };
}

class HeldLease implements Lease {
  readonly fence: Fence;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #duration: Milliseconds;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  readonly #renewing: Promise<void>;
  readonly #watching = new Set<(isDoubtful: boolean) => void>();
  /** By the monotonic clock, counted from when the renewal was asked for. */
  #heldUntil: Milliseconds;
  #isDoubtful = false;
  #renewed = Promise.withResolvers<void>();

  constructor(
    database: Database,
    { name, owner, duration = DEFAULT_DURATION, clock = systemClock }: LeaseOptions,
    epoch: number,
    heldUntil: Milliseconds,
  ) {
    this.fence = { lease: name, owner, epoch };
    this.#database = database;
    this.#clock = clock;
    this.#duration = duration;
    this.#heldUntil = heldUntil;
    this.#renewing = this.#renew();
  }

  get isHeld(): boolean {
    return !this.lost.aborted && this.#clock.monotonic() < this.#heldUntil;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async sure(): Promise<void> {
    while (!this.isHeld) {
      if (this.lost.aborted || this.#stop.signal.aborted) throw this.#isLost();
      await this.#renewed.promise;
    }
  }

  onDoubt(changed: (isDoubtful: boolean) => void): Disposable {
    this.#watching.add(changed);
    return { [Symbol.dispose]: () => void this.#watching.delete(changed) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.#renewing;
    this.#heldUntil = 0;
    this.#renewed.resolve();
    // Where the database is gone it expires instead.
    await this.#expireIn(0).catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const { signal } = this.#stop;
    const every = this.#duration / RENEWALS_PER_DURATION;
    while (!signal.aborted && !this.lost.aborted) {
      await sleep(every, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      // An answer that does not come is a doubt as well as one that is an error.
      const late = setTimeout(() => this.#look(), every).unref();
      await this.#renewOnce();
      clearTimeout(late);
      this.#look();
    }
  }

  async #renewOnce(): Promise<void> {
    const asked = this.#clock.monotonic();
    try {
      if (!(await this.#expireIn(this.#duration))) return this.#lose(this.#isLost());
      this.#heldUntil = asked + this.#duration * (1 - SAFETY);
      this.#renewed.resolve();
      this.#renewed = Promise.withResolvers();
    } catch (error) {
      if (!(error instanceof DatabaseGoneError)) this.#lose(error);
    }
  }

  #lose(reason: unknown): void {
    this.#lost.abort(reason);
    this.#renewed.resolve();
  }

  /** Tells of a doubt, or of its end. */
  #look(): void {
    const isDoubtful = !this.isHeld;
    const isOver = this.lost.aborted || this.#stop.signal.aborted;
    if (isOver || isDoubtful === this.#isDoubtful) return;
    this.#isDoubtful = isDoubtful;
    for (const changed of this.#watching) changed(isDoubtful);
  }

  #isLost(): Error {
    return new Error(`Cannot keep the lease "${this.fence.lease}": it is lost`);
  }

  /** @returns Whether it is still ours. One that has expired is, as long as nobody else has taken it. */
  async #expireIn(duration: Milliseconds): Promise<boolean> {
    const { lease, owner, epoch } = this.fence;
    const rows = await this.#database.query({
      name: 'lease renew',
      text: `
        update platform.leases set expires_at = clock_timestamp() + $4 * interval '1 ms'
        where name = $1 and owner = $2 and epoch = $3 returning 1 as held`,
      values: [lease, owner, epoch, duration],
    });
    return rows.length === 1;
  }
}
