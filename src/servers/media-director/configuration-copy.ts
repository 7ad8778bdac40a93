import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import type { Clock } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { Database } from '#platform/database/database.ts';
import type { Health } from '#platform/platform.ts';
import type { configurationServer } from '#servers/configuration-server/contract.ts';
import { forgetHistory, writeHistory } from './insight/tables.ts';
import { withoutPerson } from './insight/without-person.ts';
import { ROUTING_KINDS } from './rules/routing-kinds.ts';
import { forgetConfiguration, readConfiguration, writeConfiguration } from './tables.ts';

export interface ConfigurationCopyOptions {
  readonly database: Database;
  readonly server: Client<typeof configurationServer>;
  readonly clock: Clock;
  readonly health: Health;
  /** Told of documents as they change. */
  readonly changed: (documents: readonly StoredDocument[]) => void;
  /** Told that the server's history is another, as after a restored backup: what was known is void. */
  readonly replaced: () => void;
}

/** The configuration as it was last heard: kept, so that routing goes on while its server is away. */
export class ConfigurationCopy implements AsyncDisposable {
  readonly #options: ConfigurationCopyOptions;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #followed = 0;

  private constructor(options: ConfigurationCopyOptions) {
    this.#options = options;
  }

  /** Reads what was last heard; `follow` then keeps it up to date. */
  static async open(options: ConfigurationCopyOptions): Promise<ConfigurationCopy> {
    const copy = new ConfigurationCopy(options);
    for (const document of await readConfiguration(options.database)) copy.#keep(document);
    return copy;
  }

  /** The documents, those that were changed first before the others. */
  documents(): StoredDocument[] {
    return [...this.#documents.values()].toSorted((a, b) => a.revision - b.revision);
  }

  follow(): void {
    const { clock, health } = this.#options;
    this.#running = keepTrying((signal) => this.#follow(signal), {
      clock,
      signal: this.#stop.signal,
      failed: (error) =>
        health.report(
          'configuration',
          'degraded',
          `Work is routed by the configuration as it was last heard: ${messageOf(error)}`,
        ),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { server, health, database, changed } = this.#options;
    const { revision } = await server.call.list({ kind: 'organisation' }, { signal });
    if (revision < this.#followed) await this.#beginAnew();
    health.report('configuration', 'good');
    for await (const { event, cursor } of server.follow.changes({
      since: this.#followed,
      signal,
    })) {
      if (ROUTING_KINDS.has(event.kind)) {
        await writeConfiguration(database, [event]);
        await writeHistory(database, [withoutPerson(event)]);
        this.#keep(event);
        changed([event]);
      }
      this.#followed = Math.max(this.#followed, cursor);
    }
  }

  async #beginAnew(): Promise<void> {
    await forgetConfiguration(this.#options.database);
    await forgetHistory(this.#options.database);
    this.#documents.clear();
    this.#followed = 0;
    this.#options.replaced();
  }

  #keep(document: StoredDocument): void {
    this.#documents.set(`${document.kind}/${document.id}`, document);
    this.#followed = Math.max(this.#followed, document.revision);
  }
}
