import type { Implementation } from '#base/contract.ts';
import { type Clock, hours, minutes, systemClock } from '#base/time.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { configurationServer } from './contract.ts';
import { Credentials } from './credentials.ts';
import { DesktopSettings } from './desktop-settings.ts';
import { Documents } from './documents.ts';
import { Passwords } from './passwords.ts';
import type { SetValue } from './rules/effective-settings.ts';
import type { SettingsChange } from './rules/settings-changes.ts';
import { configurationService } from './service.ts';
import type { Done, Link, Revision, Storage, Writes } from './storage.ts';
import { TextExchange } from './text-exchange.ts';

export interface FakeOptions {
  readonly clock?: Clock;
  /** What is stored already; not checked. */
  readonly documents?: readonly DraftDocument[];
}

const silent: Trace = { debug() {}, info() {}, warning() {}, fault() {} };

/** A configuration server that keeps everything in memory: the real one but for the database and the key. */
export async function fakeConfigurationServer(
  options: FakeOptions = {},
): Promise<Implementation<typeof configurationServer>> {
  const clock = options.clock ?? systemClock;
  const storage = new MemoryStorage();
  await storage.write(async (writes) => {
    for (const [index, draft] of (options.documents ?? []).entries()) {
      const document = { ...draft, retired: false, revision: index + 1 };
      await writes.addRevision({ document, before: null, at: clock.now(), by: 'system' });
    }
  });
  const documents = await Documents.open(storage, clock, silent);
  return configurationService({
    documents,
    credentials: new Credentials({
      documents,
      storage,
      passwords: new Passwords(),
      sealer: { seal: (text) => text, open: (sealed) => sealed },
      clock,
      lifetimes: { 'set-up': hours(24), 'sign-in': minutes(15) },
    }),
    settings: await DesktopSettings.open(storage, clock, silent),
    texts: new TextExchange(documents, storage, clock),
    storage,
  });
}

/** All that is kept. Writes put new values in place of the old: a failed write is forgotten with its copy. */
interface Kept {
  revisions: readonly Revision[];
  passwords: Readonly<Record<string, string>>;
  links: readonly Link[];
  tokens: Readonly<Record<string, string>>;
  webhookSecrets: Readonly<Record<string, string>>;
  acts: readonly (Done & { readonly number: number })[];
  settings: readonly SetValue[];
  settingsChanges: readonly { readonly number: number; readonly change: SettingsChange }[];
}

class MemoryStorage implements Storage {
  #kept: Kept = {
    revisions: [],
    passwords: {},
    links: [],
    tokens: {},
    webhookSecrets: {},
    acts: [],
    settings: [],
    settingsChanges: [],
  };
  readonly #listeners = new Set<() => void>();
  #lastWrite: Promise<unknown> = Promise.resolve();

  async documents(): Promise<StoredDocument[]> {
    const newest = new Map<string, StoredDocument>();
    for (const { document } of this.#kept.revisions) {
      newest.delete(`${document.kind}/${document.id}`);
      newest.set(`${document.kind}/${document.id}`, document);
    }
    return [...newest.values()];
  }

  async revisions(since: number, limit: number): Promise<StoredDocument[]> {
    return this.#kept.revisions
      .map(({ document }) => document)
      .filter(({ revision }) => revision > since)
      .slice(0, limit);
  }

  async history(wanted: {
    readonly kind?: DocumentKind | undefined;
    readonly id?: string | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<Revision[]> {
    const { kind, id, before = Infinity, limit } = wanted;
    return this.#kept.revisions
      .filter(
        ({ document }) =>
          (kind === undefined || document.kind === kind) &&
          (id === undefined || document.id === id) &&
          document.revision < before,
      )
      .toReversed()
      .slice(0, limit);
  }

  async passwordOf(agent: string): Promise<string | undefined> {
    return this.#kept.passwords[agent];
  }

  async link(hash: Buffer): Promise<Link | undefined> {
    return this.#kept.links.find((link) => link.hash.equals(hash));
  }

  async integrationOf(tokenHash: Buffer): Promise<string | undefined> {
    const hash = tokenHash.toString('hex');
    return Object.entries(this.#kept.tokens).find(([, kept]) => kept === hash)?.[0];
  }

  async sealedSecretOf(webhook: string): Promise<string | undefined> {
    return this.#kept.webhookSecrets[webhook];
  }

  async acts(before = Infinity, limit: number): Promise<(Done & { number: number })[]> {
    return this.#kept.acts
      .filter(({ number }) => number < before)
      .toReversed()
      .slice(0, limit);
  }

  async settings(scopes?: readonly string[]): Promise<SetValue[]> {
    return this.#kept.settings.filter(({ scope }) => !scopes || scopes.includes(scope));
  }

  async newestSettings(): Promise<number> {
    return this.#kept.settingsChanges.length;
  }

  async settingsChanges(
    since: number,
    limit: number,
  ): Promise<{ number: number; change: SettingsChange }[]> {
    return this.#kept.settingsChanges.slice(since, since + limit);
  }

  write<T>(work: (writes: Writes) => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(async () => {
      const draft: Kept = { ...this.#kept };
      const result = await work(new MemoryWrites(draft));
      this.#kept = draft;
      for (const heard of this.#listeners) heard();
      return result;
    });
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  async onWritten(heard: () => void): Promise<AsyncDisposable> {
    this.#listeners.add(heard);
    return { [Symbol.asyncDispose]: async () => void this.#listeners.delete(heard) };
  }
}

class MemoryWrites implements Writes {
  readonly #kept: Kept;

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  async newestRevision(): Promise<number> {
    return this.#kept.revisions.at(-1)?.document.revision ?? 0;
  }

  async addRevision(revision: Revision): Promise<void> {
    this.#kept.revisions = [...this.#kept.revisions, structuredClone(revision)];
  }

  async setPassword(agent: string, hash: string): Promise<void> {
    this.#kept.passwords = { ...this.#kept.passwords, [agent]: hash };
  }

  async putLink(link: Link): Promise<void> {
    const isBefore = (other: Link): boolean =>
      other.purpose === link.purpose && other.agent === link.agent;
    this.#kept.links = [...this.#kept.links.filter((other) => !isBefore(other)), link];
  }

  async takeLink(hash: Buffer): Promise<Link | undefined> {
    const link = this.#kept.links.find((other) => other.hash.equals(hash));
    this.#kept.links = this.#kept.links.filter((other) => other !== link);
    return link;
  }

  async putToken(integration: string, hash: Buffer): Promise<void> {
    this.#kept.tokens = { ...this.#kept.tokens, [integration]: hash.toString('hex') };
  }

  async putWebhookSecret(webhook: string, sealed: string, renew: boolean): Promise<string> {
    const { webhookSecrets } = this.#kept;
    const standing = renew ? sealed : (webhookSecrets[webhook] ?? sealed);
    this.#kept.webhookSecrets = { ...webhookSecrets, [webhook]: standing };
    return standing;
  }

  async settings(): Promise<SetValue[]> {
    return [...this.#kept.settings];
  }

  async putSettings(change: SettingsChange): Promise<number> {
    const { scope, values } = change;
    const others = this.#kept.settings.filter(
      (set) => set.scope !== scope || !(set.name in values),
    );
    const set = Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => ({ scope, name, value }));
    const number = this.#kept.settingsChanges.length + 1;
    this.#kept.settings = [...others, ...set];
    this.#kept.settingsChanges = [...this.#kept.settingsChanges, { number, change }];
    return number;
  }

  async note(done: Done): Promise<void> {
    this.#kept.acts = [...this.#kept.acts, { ...done, number: this.#kept.acts.length + 1 }];
  }
}
