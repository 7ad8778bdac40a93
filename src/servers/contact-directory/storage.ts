import type { Instant } from '#base/time.ts';
import type { Contact, ContactAddress } from '#domain/contact.ts';
import type { ContactId } from '#domain/ids.ts';
import type { Numbered } from '#platform/feed/feed.ts';
import type { AddressKey } from './rules/address-key.ts';
import type { SearchTerms } from './rules/search-terms.ts';

/** A contact that changed or went. */
export interface ContactChange {
  readonly contact: ContactId;
  readonly erased: boolean;
}

/** An address as it is stored, and whose it is. */
export interface OwnedAddress extends Pick<ContactAddress, 'kind' | 'value'> {
  readonly contact: ContactId;
}

/** Where a page of all contacts begins: organisations first, each kind by id. */
export interface PagePosition {
  readonly kind: Contact['kind'];
  readonly id: ContactId;
}

/** What can be read, inside a write or outside. */
export interface Reads {
  /** Those that are there, in any order. */
  contacts(ids: readonly ContactId[]): Promise<Contact[]>;
  /** Whose addresses are found under these keys: of each key, whoever changed last comes first. */
  ownersOf(keys: readonly AddressKey[]): Promise<OwnedAddress[]>;
  /** The organisations of these names, as `searchedName` writes them. */
  organisationsNamed(names: readonly string[]): Promise<{ id: ContactId; name: string }[]>;
}

/** What the contact directory keeps. Reads see what is durable. */
export interface Storage extends Reads {
  names(ids: readonly ContactId[]): Promise<{ contact: ContactId; name: string }[]>;
  /** At most `MOST_FOUND` are found, best first. */
  search(
    terms: SearchTerms,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ contacts: Contact[]; total: number }>;
  /** All contacts behind a position, organisations before the people who belong to them. */
  page(after: PagePosition | undefined, limit: number): Promise<Contact[]>;
  newestChange(): Promise<number>;
  changes(since: number, limit: number): Promise<Numbered<ContactChange>[]>;
  /**
   * Runs `work` as one: all becomes durable, or nothing when it throws. Whoever names one of the same
   * `keys` waits; `'all'` waits for everybody and holds everybody up.
   */
  write<T>(keys: readonly string[] | 'all', work: (writes: Writes) => Promise<T>): Promise<T>;
  /** Calls `heard` whenever somebody, this process or another, has changed contacts. */
  onWritten(heard: () => void): Promise<AsyncDisposable>;
}

/** What can be written inside `Storage.write`. */
export interface Writes extends Reads {
  /** Puts contacts in the place of those of the same id. */
  put(contacts: readonly Contact[]): Promise<void>;
  /** @returns Whether it was there. */
  remove(id: ContactId): Promise<boolean>;
  /** Takes everybody out of an organisation. @returns Who was in it. */
  release(organisation: ContactId, at: Instant): Promise<ContactId[]>;
  /** Numbers changes; to be called last, because the next write waits for it. */
  note(changes: readonly ContactChange[], at: Instant, by: string): Promise<void>;
}

/** More than anybody looks through: to find fewer, type more. */
export const MOST_FOUND = 1_000;
