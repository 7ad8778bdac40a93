import { keepTrying } from '#base/keep-trying.ts';
import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import type { Clock } from '#base/time.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import type { Health } from '#platform/platform.ts';
import type { configurationServer } from '#servers/configuration-server/contract.ts';

/** The configuration as it is now, kept by following the configuration server. */
export class ConfigurationFeed implements AsyncDisposable {
  readonly current = new Configuration();
  readonly #loaded = Promise.withResolvers<void>();
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  #followed = 0;

  constructor(server: Client<typeof configurationServer>, clock: Clock, health: Health) {
    this.#running = keepTrying((signal) => this.#follow(server, health, signal), {
      clock,
      signal: this.#life.signal,
      failed: (error) => health.report('configuration', 'degraded', messageOf(error)),
    });
  }

  /** Resolves once all there was at the start has been read, or when the caller gives up. */
  async loaded(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([this.#loaded.promise, promise]);
    signal.removeEventListener('abort', stop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #follow(
    server: Client<typeof configurationServer>,
    health: Health,
    signal: AbortSignal,
  ): Promise<void> {
    // asked for one small kind: what counts is the revision that it comes with
    const { revision } = await server.call.list(
      { kind: 'organisation', retired: false },
      { signal },
    );
    health.report('configuration', 'good');
    if (this.#followed >= revision) this.#loaded.resolve();
    for await (const { event, cursor } of server.follow.changes({
      since: this.#followed,
      signal,
    })) {
      this.current.apply(event);
      this.#followed = cursor;
      if (cursor >= revision) this.#loaded.resolve();
    }
  }
}
