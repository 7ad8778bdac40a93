import { hostname } from 'node:os';
import { keepTrying } from '#base/keep-trying.ts';
import { type Milliseconds, hours, seconds } from '#base/time.ts';
import { Refusal } from '#base/refusal.ts';
import { acquireLease } from '#platform/database/lease.ts';
import type { Delivery } from '../api/administration.ts';
import { targetProblem } from '../rules/webhook-target.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import { Courier, type CourierOptions } from './courier.ts';

const SWEEP_EVERY = hours(1);
/** Finished deliveries kept of one webhook at most, however short the time: some 50 MiB. */
const MOST_KEPT = 100_000;

/** One desktop server sends, however many run: otherwise each would. */
const LEASE = 'desktop-server.webhooks';
/** Longer than most leases: nobody waits for a webhook, and renewing costs a query. */
const LEASE_DURATION = seconds(30);

export interface WebhooksOptions extends Omit<CourierOptions, 'id' | 'webhook' | 'revision'> {
  readonly configuration: ConfigurationFeed;
  /** How long finished deliveries are kept. */
  readonly keepFor: Milliseconds;
}

/** All webhooks: a courier for each that is enabled, kept in step with the configuration. */
export class Webhooks implements AsyncDisposable {
  readonly #options: WebhooksOptions;
  readonly #couriers = new Map<string, { readonly revision: number; readonly courier: Courier }>();
  readonly #stops = new DisposableStack();
  #work: Promise<void> = Promise.resolve();
  #reign: { readonly life: AbortController; readonly done: Promise<void> } | undefined;
  /** Whether the sending is ours now. */
  #isOurs = false;
  #isOver = false;
  #sweep: Disposable;

  constructor(options: WebhooksOptions) {
    this.#options = options;
    const { configuration } = options;
    this.#stops.use(
      configuration.onChange(({ kind }) => {
        if (kind === 'webhook' && configuration.isLoaded) void this.#later(() => this.#reconcile());
      }),
    );
    void configuration.loaded().then(() => this.#later(() => this.#reconcile()));
    this.#sweep = this.#sweepLater();
  }

  /** What a webhook was and is to be sent, newest first, and its cursor. */
  deliveries(id: string, limit: number): Promise<{ deliveries: Delivery[]; cursor: number }> {
    return this.#options.tables.list(id, limit);
  }

  /**
   * Sends everything behind `since` again that is still kept; one that was given up begins anew.
   *
   * @throws {Refusal} `unknown-document`.
   */
  async replay(id: string, since: number): Promise<void> {
    const { tables, platform, configuration } = this.#options;
    if (!configuration.current.get('webhook', id)) {
      throw new Refusal('unknown-document', `There is no webhook "${id}"`, { kind: 'webhook', id });
    }
    const now = platform.clock.now();
    await tables.revive(id, configuration.revisionOf('webhook', id), now);
    await tables.replay(id, since, now);
    await this.#later(async () => {
      await this.#stop(id);
      this.#startAll();
    });
  }

  /** What is wrong with an address for a webhook, as far as that can be seen; nothing when it may be tried. */
  problemOf(url: string): string | undefined {
    return targetProblem(url, this.#options.allowPrivate);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#stops.dispose();
    this.#sweep[Symbol.dispose]();
    await this.#abdicate();
    await this.#work;
  }

  /** One thing after the other: two reconciliations at once would start a courier twice. */
  #later(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#options.platform.trace.warning('webhooks.not-reconciled', {}, error);
    });
    return this.#work;
  }

  async #reconcile(): Promise<void> {
    const { configuration } = this.#options;
    const webhooks = configuration.current.all('webhook');
    for (const [id, { revision }] of this.#couriers) {
      const webhook = webhooks.get(id);
      if (webhook?.enabled && revision === configuration.revisionOf('webhook', id)) continue;
      await this.#stop(id);
    }
    await this.#forgetRetired();
    this.#startAll();
    if ([...webhooks.values()].some(({ enabled }) => enabled)) this.#seekReign();
    else await this.#abdicate();
  }

  async #forgetRetired(): Promise<void> {
    const { tables, configuration } = this.#options;
    const webhooks = configuration.current.all('webhook');
    for (const id of await tables.all()) if (!webhooks.has(id)) await tables.remove(id);
  }

  /** Begins to seek the lease; while it is ours, every enabled webhook has a courier. */
  #seekReign(): void {
    if (this.#reign || this.#isOver) return;
    const { clock, trace } = this.#options.platform;
    const life = new AbortController();
    const done = keepTrying((signal) => this.#rule(signal), {
      clock,
      signal: life.signal,
      failed: (error) => trace.warning('webhooks.not-sending', {}, error),
    });
    this.#reign = { life, done };
  }

  async #abdicate(): Promise<void> {
    const reign = this.#reign;
    this.#reign = undefined;
    reign?.life.abort();
    await reign?.done;
  }

  async #rule(signal: AbortSignal): Promise<void> {
    const { database, instance, directory, clock } = this.#options.platform;
    await using lease = await acquireLease(database, {
      name: LEASE,
      owner: instance,
      home: `${hostname()}:${directory}`,
      duration: LEASE_DURATION,
      clock,
      signal,
    });
    this.#isOurs = true;
    this.#startAll();
    await until(AbortSignal.any([signal, lease.lost]));
    this.#isOurs = false;
    await Promise.all([...this.#couriers.keys()].map((id) => this.#stop(id)));
  }

  #startAll(): void {
    const { configuration } = this.#options;
    if (!this.#isOurs) return;
    for (const [id, webhook] of configuration.current.all('webhook')) {
      if (!webhook.enabled || this.#couriers.has(id)) continue;
      const revision = configuration.revisionOf('webhook', id);
      const courier = new Courier({ ...this.#options, id, webhook, revision });
      this.#couriers.set(id, { revision, courier });
    }
  }

  async #stop(id: string): Promise<void> {
    const held = this.#couriers.get(id);
    this.#couriers.delete(id);
    await held?.courier[Symbol.asyncDispose]();
  }

  #sweepLater(): Disposable {
    return this.#options.platform.clock.after(SWEEP_EVERY, () => {
      const { tables, keepFor, platform } = this.#options;
      if (this.#isOurs) {
        void this.#later(() => tables.removeOld(platform.clock.now() - keepFor, MOST_KEPT));
      }
      this.#sweep = this.#sweepLater();
    });
  }
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
