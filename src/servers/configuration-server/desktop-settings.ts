import { findUnstorable } from '#base/storable.ts';
import type { Clock } from '#base/time.ts';
import { Feed, type Numbered } from '#platform/feed/feed.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { effectiveSettings, scopesOf } from './rules/effective-settings.ts';
import type { Who } from './rules/effective-settings.ts';
import type { SettingsChange } from './rules/settings-changes.ts';
import { invalid } from './sound.ts';
import type { Storage } from './storage.ts';

/** Settings of desktops: for everyone, and differently for a role, an agent or a machine. */
export class DesktopSettings implements AsyncDisposable {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #feed: Feed<SettingsChange>;
  #listening: AsyncDisposable | undefined;

  private constructor(storage: Storage, clock: Clock, newest: number) {
    this.#storage = storage;
    this.#clock = clock;
    this.#feed = new Feed((since, limit) => storage.settingsChanges(since, limit), newest);
  }

  static async open(storage: Storage, clock: Clock, trace: Trace): Promise<DesktopSettings> {
    const settings = new DesktopSettings(storage, clock, await storage.newestSettings());
    settings.#listening = await storage.onWritten(() => {
      storage.newestSettings().then(
        (newest) => settings.#feed.announce(newest),
        (error: unknown) => trace.warning('settings.not-read', {}, error), // heard again later
      );
    });
    return settings;
  }

  /** @returns The number of this change. */
  async put(change: SettingsChange, by: string): Promise<number> {
    const path = findUnstorable(change.values);
    if (path !== undefined) {
      throw invalid([{ path, problem: 'it holds a character that no text has' }]);
    }
    const at = this.#clock.now();
    const revision = await this.#storage.write((writes) => writes.putSettings(change, at, by));
    this.#feed.announce(revision);
    return revision;
  }

  async effective(who: Who): Promise<Record<string, { value: unknown; scope: string }>> {
    return effectiveSettings(await this.#storage.settings(scopesOf(who)), who);
  }

  follow(since: number | undefined, signal: AbortSignal): AsyncIterable<Numbered<SettingsChange>> {
    return this.#feed.follow(since ?? this.#feed.newest, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening?.[Symbol.asyncDispose]();
  }
}
