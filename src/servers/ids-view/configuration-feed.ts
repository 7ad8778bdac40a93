import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import { knownTimeZone } from '#domain/metrics/calendar.ts';
import type { Health, Platform } from '#platform/platform.ts';
import type { configurationServer } from '#servers/configuration-server/contract.ts';

/** The configuration as it is now: names, who serves which queue, the organisation's time zone. */
export class ConfigurationFeed implements AsyncDisposable {
  readonly current = new Configuration();
  readonly #loaded = Promise.withResolvers<void>();
  readonly #life = new AbortController();
  readonly #running: Promise<void>;
  readonly #changed: () => void;
  #followed = 0;

  constructor(
    server: Client<typeof configurationServer>,
    { clock, health }: Pick<Platform, 'clock' | 'health'>,
    changed: () => void,
  ) {
    this.#changed = changed;
    this.#running = keepTrying(async (signal) => this.#follow(server, signal, health), {
      clock,
      signal: this.#life.signal,
      failed: (error) => health.report('configuration', 'degraded', messageOf(error)),
    });
  }

  /** Resolves once all there was at the start is known; rejects with the signal. */
  loaded(signal: AbortSignal): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    return Promise.race([this.#loaded.promise, promise]).finally(() =>
      signal.removeEventListener('abort', stop),
    );
  }

  /** Days in figures begin and end by its clocks. */
  get timeZone(): string {
    const [organisation] = this.current.all('organisation').values();
    return knownTimeZone(organisation?.timeZone ?? 'UTC');
  }

  async #follow(
    server: Client<typeof configurationServer>,
    signal: AbortSignal,
    health: Health,
  ): Promise<void> {
    // Asked for one small kind: what counts is the revision that it comes with.
    const { revision } = await server.call.list(
      { kind: 'organisation', retired: false },
      { signal },
    );
    health.report('configuration', 'good');
    if (this.#followed >= revision) this.#loaded.resolve();
    const changes = server.follow.changes({ since: this.#followed, signal });
    for await (const { event, cursor } of changes) {
      this.current.apply(event);
      this.#followed = cursor;
      if (cursor < revision) continue;
      this.#loaded.resolve();
      this.#changed();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }
}
