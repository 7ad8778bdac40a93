import { type Milliseconds, hours } from '#base/time.ts';
import { Refusal } from '#base/refusal.ts';
import type { Delivery } from '../api/administration.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import { Courier, type CourierOptions } from './courier.ts';

const SWEEP_EVERY = hours(1);
/** Finished deliveries kept of one webhook at most, however short the time: some 50 MiB. */
const MOST_KEPT = 100_000;

export interface WebhooksOptions extends Omit<CourierOptions, 'id' | 'webhook' | 'revision'> {
  readonly configuration: ConfigurationFeed;
  /** How long finished deliveries are kept. */
  readonly keepFor: Milliseconds;
}

/** All webhooks: a courier for each that is enabled, kept in step with the configuration. */
export class Webhooks implements AsyncDisposable {
  readonly #options: WebhooksOptions;
  readonly #couriers = new Map<string, { readonly revision: number; readonly courier: Courier }>();
  readonly #heard: Disposable;
  #work: Promise<void> = Promise.resolve();
  #sweep: Disposable;
  #isOver = false;

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#heard = options.configuration.onChange(({ kind }) => {
      if (kind === 'webhook' && options.configuration.isLoaded)
        void this.#later(() => this.#reconcile());
    });
    void options.configuration.loaded().then(() => this.#later(() => this.#reconcile()));
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
    await this.#later(() => this.#restart(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#heard[Symbol.dispose]();
    this.#sweep[Symbol.dispose]();
    await this.#work;
    await Promise.all(
      [...this.#couriers.values()].map(({ courier }) => courier[Symbol.asyncDispose]()),
    );
  }

  /** One thing after the other: two reconciliations at once would start a courier twice. */
  #later(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work
      .then(() => (this.#isOver ? undefined : work()))
      .catch((error: unknown) => {
        this.#options.platform.trace.warning('webhooks.not-reconciled', {}, error);
      });
    return this.#work;
  }

  async #reconcile(): Promise<void> {
    const { configuration, tables } = this.#options;
    const webhooks = configuration.current.all('webhook');
    for (const [id, { revision }] of this.#couriers) {
      const webhook = webhooks.get(id);
      if (webhook?.enabled && revision === configuration.revisionOf('webhook', id)) continue;
      await this.#stop(id);
    }
    for (const id of await tables.all()) if (!webhooks.has(id)) await tables.remove(id);
    for (const id of webhooks.keys()) this.#start(id);
  }

  async #restart(id: string): Promise<void> {
    await this.#stop(id);
    this.#start(id);
  }

  #start(id: string): void {
    const { configuration } = this.#options;
    const webhook = configuration.current.get('webhook', id);
    if (!webhook?.enabled || this.#couriers.has(id)) return;
    const revision = configuration.revisionOf('webhook', id);
    const courier = new Courier({ ...this.#options, id, webhook, revision });
    this.#couriers.set(id, { revision, courier });
  }

  async #stop(id: string): Promise<void> {
    const held = this.#couriers.get(id);
    this.#couriers.delete(id);
    await held?.courier[Symbol.asyncDispose]();
  }

  #sweepLater(): Disposable {
    return this.#options.platform.clock.after(SWEEP_EVERY, () => {
      const { tables, keepFor, platform } = this.#options;
      void this.#later(() => tables.removeOld(platform.clock.now() - keepFor, MOST_KEPT));
      this.#sweep = this.#sweepLater();
    });
  }
}
