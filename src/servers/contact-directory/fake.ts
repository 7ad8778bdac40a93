import type { Implementation } from '#base/contract.ts';
import { type Clock, type Instant, systemClock } from '#base/time.ts';
import type { Contact } from '#domain/contact.ts';
import type { ContactId } from '#domain/ids.ts';
import { Feed, type Numbered } from '#platform/feed/feed.ts';
import type { contactDirectory } from './contract.ts';
import { CsvExchange } from './csv-exchange.ts';
import { Directory } from './directory.ts';
import { type AddressKey, addressKey } from './rules/address-key.ts';
import { type SearchTerms, searchedAddresses, searchedName } from './rules/search-terms.ts';
import { contactService } from './service.ts';
import {
  type ContactChange,
  MOST_FOUND,
  type OwnedAddress,
  type PagePosition,
  type Storage,
  type Writes,
} from './storage.ts';

/** A contact directory that keeps everything in memory: the real one but for the database. */
export function fakeContactDirectory(
  options: { readonly clock?: Clock; readonly contacts?: readonly Contact[] } = {},
): Implementation<typeof contactDirectory> {
  const { clock = systemClock, contacts = [] } = options;
  const storage = new MemoryStorage(contacts);
  const feed = new Feed<ContactChange>((since, limit) => storage.changes(since, limit), 0);
  void storage.onWritten(() => void storage.newestChange().then((newest) => feed.announce(newest)));
  const directory = new Directory(storage, clock);
  return contactService({ directory, csv: new CsvExchange(storage, clock), storage, feed });
}

/** Writes run one after the other; what one threw at is put back as it was. */
class MemoryStorage implements Storage, Writes {
  #contacts: ReadonlyMap<ContactId, Contact>;
  #changes: readonly Numbered<ContactChange>[] = [];
  readonly #listeners = new Set<() => void>();
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(contacts: readonly Contact[]) {
    this.#contacts = new Map(contacts.map((contact) => [contact.id, contact]));
  }

  async contacts(ids: readonly ContactId[]): Promise<Contact[]> {
    return ids.flatMap((id) => this.#contacts.get(id) ?? []);
  }

  async ownersOf(keys: readonly AddressKey[]): Promise<OwnedAddress[]> {
    const isWanted = ({ family, key }: AddressKey): boolean =>
      keys.some((wanted) => wanted.family === family && wanted.key === key);
    return [...this.#contacts.values()]
      .toSorted((one, other) => other.changedAt - one.changedAt)
      .flatMap(({ id, addresses }) => addresses.map((address) => ({ ...address, contact: id })))
      .filter((address) => isWanted(addressKey(address)));
  }

  async organisationsNamed(names: readonly string[]): Promise<{ id: ContactId; name: string }[]> {
    return [...this.#contacts.values()]
      .filter(({ kind }) => kind === 'organisation')
      .map(({ id, name }) => ({ id, name: searchedName(name) }))
      .filter(({ name }) => names.includes(name));
  }

  async names(ids: readonly ContactId[]): Promise<{ contact: ContactId; name: string }[]> {
    return (await this.contacts(ids)).map(({ id, name }) => ({ contact: id, name }));
  }

  async search(
    terms: SearchTerms,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ contacts: Contact[]; total: number }> {
    const found = [...this.#contacts.values()]
      .map((contact) => ({ contact, rank: rankOf(contact, terms) }))
      .filter(({ rank }) => rank !== undefined)
      .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
      .map(({ contact }) => contact)
      .slice(0, MOST_FOUND);
    return { contacts: found.slice(offset, offset + limit), total: found.length };
  }

  async page(after: PagePosition | undefined, limit: number): Promise<Contact[]> {
    const position = ({ kind, id }: PagePosition): string => `${kind} ${id}`;
    return [...this.#contacts.values()]
      .filter((contact) => !after || position(contact) > position(after))
      .toSorted((one, other) => (position(one) < position(other) ? -1 : 1))
      .slice(0, limit);
  }

  async newestChange(): Promise<number> {
    return this.#changes.length;
  }

  async changes(since: number, limit: number): Promise<Numbered<ContactChange>[]> {
    return this.#changes.slice(since, since + limit);
  }

  write<T>(_keys: readonly string[] | 'all', work: (writes: Writes) => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(async () => {
      const before = { contacts: this.#contacts, changes: this.#changes };
      try {
        const result = await work(this);
        for (const heard of this.#listeners) heard();
        return result;
      } catch (error) {
        this.#contacts = before.contacts;
        this.#changes = before.changes;
        throw error;
      }
    });
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  async onWritten(heard: () => void): Promise<AsyncDisposable> {
    this.#listeners.add(heard);
    return { [Symbol.asyncDispose]: async () => void this.#listeners.delete(heard) };
  }

  async put(contacts: readonly Contact[]): Promise<void> {
    this.#contacts = new Map([
      ...this.#contacts,
      ...contacts.map((contact): [ContactId, Contact] => [contact.id, contact]),
    ]);
  }

  async remove(id: ContactId): Promise<boolean> {
    const contacts = new Map(this.#contacts);
    const isThere = contacts.delete(id);
    this.#contacts = contacts;
    return isThere;
  }

  async release(organisation: ContactId, at: Instant): Promise<ContactId[]> {
    const members = [...this.#contacts.values()].filter((c) => c.organisation === organisation);
    await this.put(
      members.map(({ organisation: _organisation, ...member }) => ({
        ...member,
        revision: member.revision + 1,
        changedAt: at,
      })),
    );
    return members.map(({ id }) => id);
  }

  async note(changes: readonly ContactChange[]): Promise<void> {
    const numbered = changes.map((change, at) => ({
      number: this.#changes.length + 1 + at,
      change,
    }));
    this.#changes = [...this.#changes, ...numbered];
  }
}

/** How well a contact meets the terms, 0 is best; nothing where it does not. */
function rankOf(contact: Contact, { name, beginnings, part }: SearchTerms): number | undefined {
  const words = ` ${searchedName(contact.name)}`;
  if (name !== '' && words.startsWith(` ${name}`)) return 0;
  const isNamed = beginnings.every((word) => words.includes(` ${word}`));
  if (beginnings.length > 0 && isNamed) return 1;
  const isPart = part !== undefined && searchedAddresses(contact.addresses).includes(part);
  return isPart ? 2 : undefined;
}

const placeOf = (found: { readonly contact: Contact; readonly rank: number | undefined }): string =>
  `${found.rank} ${searchedName(found.contact.name)}\0${found.contact.id}`;
