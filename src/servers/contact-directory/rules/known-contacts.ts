import type { Contact, ContactAddress } from '#domain/contact.ts';
import type { ContactId } from '#domain/ids.ts';
import { addressKey, isSameAddress } from './address-key.ts';
import { searchedName } from './search-terms.ts';

/** The contacts that an import may touch: those stored, and those it has planned itself. */
export class KnownContacts {
  readonly #byId = new Map<ContactId, Contact>();
  readonly #planned = new Set<ContactId>();
  /** Whose addresses are found under a key, the one last changed first. */
  readonly #owners = new Map<string, ContactId[]>();
  readonly #organisations = new Map<string, ContactId>();

  /** Takes stored contacts in, the one last changed first. What is planned already is newer. */
  take(contacts: readonly Contact[]): void {
    for (const contact of contacts) {
      if (!this.#planned.has(contact.id)) this.#put(contact, 'last');
    }
  }

  /** Takes in what will be written. */
  plan(contact: Contact): void {
    this.#planned.add(contact.id);
    this.#put(contact, 'first');
  }

  get(id: ContactId): Contact | undefined {
    return this.#byId.get(id);
  }

  /** Who has one of these addresses: of several, the one last changed. */
  ownerOf(addresses: readonly ContactAddress[]): Contact | undefined {
    for (const address of addresses) {
      for (const id of this.#owners.get(keyOf(address)) ?? []) {
        const owner = this.#byId.get(id);
        if (owner?.addresses.some((other) => isSameAddress(other, address))) return owner;
      }
    }
    return undefined;
  }

  organisationNamed(name: string): ContactId | undefined {
    return this.#organisations.get(searchedName(name));
  }

  #put(contact: Contact, place: 'first' | 'last'): void {
    this.#byId.set(contact.id, contact);
    for (const address of contact.addresses) {
      const owners = (this.#owners.get(keyOf(address)) ?? []).filter((id) => id !== contact.id);
      const all = place === 'first' ? [contact.id, ...owners] : [...owners, contact.id];
      this.#owners.set(keyOf(address), all);
    }
    if (contact.kind !== 'organisation') return;
    const name = searchedName(contact.name);
    if (place === 'first' || !this.#organisations.has(name)) {
      this.#organisations.set(name, contact.id);
    }
  }
}

const keyOf = (address: ContactAddress): string => {
  const { family, key } = addressKey(address);
  return `${family} ${key}`;
};
