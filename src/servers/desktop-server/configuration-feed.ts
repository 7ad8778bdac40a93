import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { DocumentKind, type StoredDocument } from '#domain/configuration/documents.ts';
import type { Health, Platform } from '#platform/platform.ts';
import type { Rooms } from './rooms.ts';

/** The configuration as it is now, kept by following the configuration server. */
export class ConfigurationFeed implements AsyncDisposable {
  readonly current = new Configuration();
  /** Whether all there is has been read once. */
  isLoaded = false;
  /** The newest form of every document, retired ones too. */
  readonly #documents = new Map<string, StoredDocument>();
  readonly #listeners = new Set<(document: StoredDocument) => void>();
  readonly #rooms: Rooms;
  readonly #health: Health;
  readonly #life = new AbortController();
  readonly #loaded = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  /** How far the stream was read; `take` may be ahead of it. */
  #followed = 0;

  constructor(rooms: Rooms, { health, clock }: Pick<Platform, 'health' | 'clock'>) {
    this.#rooms = rooms;
    this.#health = health;
    this.#running = keepTrying((signal) => this.#follow(signal), {
      clock,
      signal: this.#life.signal,
      failed: (error) => health.report('configuration', 'degraded', messageOf(error)),
    });
  }

  /** Resolves once all there is has been read. */
  loaded(): Promise<void> {
    return this.#loaded.promise;
  }

  /** Calls `listener` after each change that was taken in. */
  onChange(listener: (document: StoredDocument) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** The revision of a document; 0 where there is none. */
  revisionOf(kind: DocumentKind, id: string): number {
    return this.#documents.get(`${kind}/${id}`)?.revision ?? 0;
  }

  /** Documents that changed behind `revision`, in order. */
  since(revision: number): StoredDocument[] {
    return [...this.#documents.values()]
      .filter((document) => document.revision > revision)
      .toSorted((a, b) => a.revision - b.revision);
  }

  /**
   * Takes a document in; one taken already changes nothing. What this server itself just had stored it
   * takes in at once, so that its next answer reflects it.
   */
  take(document: StoredDocument): void {
    const key = `${document.kind}/${document.id}`;
    if ((this.#documents.get(key)?.revision ?? 0) >= document.revision) return;
    this.#documents.set(key, document);
    this.current.apply(document);
    for (const listener of this.#listeners) listener(document);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    if (!this.isLoaded) await this.#load(signal);
    this.#health.report('configuration', 'good');
    const { changes } = this.#rooms.configuration.follow;
    for await (const { event, cursor } of changes({ since: this.#followed, signal })) {
      this.take(event);
      this.#followed = cursor;
    }
  }

  /** Kind by kind: one answer with everything could be larger than a message may be. */
  async #load(signal: AbortSignal): Promise<void> {
    const { list } = this.#rooms.configuration.call;
    const lists = await Promise.all(
      DocumentKind.options.map((kind) => list({ kind, retired: true }, { signal })),
    );
    for (const document of lists.flatMap(({ documents }) => documents)) this.take(document);
    this.#followed = Math.min(...lists.map(({ revision }) => revision));
    this.isLoaded = true;
    this.#loaded.resolve();
  }
}
