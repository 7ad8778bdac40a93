import type { Instant } from '#base/time.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import type { AgentId } from '#domain/ids.ts';
import type { Numbered } from '#platform/feed/feed.ts';
import type { Act } from './contract.ts';
import type { SetValue } from './rules/effective-settings.ts';
import type { SettingsChange } from './rules/settings-changes.ts';

/** One change of a document, with who made it. */
export interface Revision {
  readonly document: StoredDocument;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly at: Instant;
  readonly by: string;
}

export interface Link {
  readonly hash: Buffer;
  readonly purpose: 'set-up' | 'sign-in';
  readonly agent?: AgentId | undefined;
  readonly expires: Instant;
}

export interface Done {
  readonly at: Instant;
  readonly by: string;
  readonly act: Act;
  readonly subject: string;
}

/** What the configuration server keeps. Reads see what is durable. */
export interface Storage {
  /** Every document as it stands, retired ones too, by revision. */
  documents(): Promise<StoredDocument[]>;
  /** Every change behind `since`, in order. */
  revisions(since: number, limit: number): Promise<StoredDocument[]>;
  /** Changes below `before`, newest first. */
  history(wanted: {
    readonly kind?: DocumentKind | undefined;
    readonly id?: string | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): Promise<Revision[]>;
  passwordOf(agent: string): Promise<string | undefined>;
  link(hash: Buffer): Promise<Link | undefined>;
  integrationOf(tokenHash: Buffer): Promise<string | undefined>;
  sealedSecretOf(webhook: string): Promise<string | undefined>;
  acts(before: number | undefined, limit: number): Promise<(Done & { readonly number: number })[]>;
  settings(scopes?: readonly string[]): Promise<SetValue[]>;
  newestSettings(): Promise<number>;
  settingsChanges(since: number, limit: number): Promise<Numbered<SettingsChange>[]>;
  /** Runs `work` as one: all of it becomes durable, or nothing when it throws. Writers wait for each other. */
  write<T>(work: (writes: Writes) => Promise<T>): Promise<T>;
  /** Calls `heard` whenever somebody, this process or another, has written documents or settings. */
  onWritten(heard: () => void): Promise<AsyncDisposable>;
}

/** What can be written inside `Storage.write`. */
export interface Writes {
  newestRevision(): Promise<number>;
  addRevision(revision: Revision): Promise<void>;
  setPassword(agent: AgentId, hash: string): Promise<void>;
  /** Ends the link before it of the same purpose and agent. */
  putLink(link: Link): Promise<void>;
  /** Uses a link up. @returns It, if it was there. */
  takeLink(hash: Buffer): Promise<Link | undefined>;
  putToken(integration: string, hash: Buffer): Promise<void>;
  /** Keeps the one that is there unless `renew`. @returns The one that stands then. */
  putWebhookSecret(webhook: string, sealed: string, renew: boolean): Promise<string>;
  /** All values as they stand inside this write. */
  settings(): Promise<SetValue[]>;
  /** Null removes a value. @returns The number of this change. */
  putSettings(change: SettingsChange, at: Instant, by: string): Promise<number>;
  note(done: Done): Promise<void>;
}
