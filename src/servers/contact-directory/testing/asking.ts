/** How the tests of a contact directory ask it. */
import type { Client } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import type { ManualClock } from '#base/time.ts';
import type { AddressKind, Contact, ContactBody } from '#domain/contact.ts';
import { ContactId } from '#domain/ids.ts';
import type { contactDirectory } from '../contract.ts';

/** The same directory, as those who ask it are let in. */
export interface DirectoryClients extends AsyncDisposable {
  readonly desktop: Client<typeof contactDirectory>;
  readonly store: Client<typeof contactDirectory>;
}

/** Opens an empty directory. Disposing the clients releases all of it. */
export type OpenDirectory = (clock: ManualClock) => Promise<DirectoryClients>;

export const BY = 'agent-1';
export const START = Date.UTC(2026, 0, 5, 9);

export const newContactId = (): ContactId => ContactId.parse(newId());

export const person = (name: string, more: Partial<ContactBody> = {}): ContactBody => ({
  kind: 'person',
  name,
  addresses: [],
  note: '',
  fields: {},
  ...more,
});

/** Stores a new contact. */
export async function make(
  { desktop }: DirectoryClients,
  name: string,
  more: Partial<ContactBody> = {},
): Promise<Contact> {
  const id = newContactId();
  return (await desktop.call.put({ contact: id, body: person(name, more), by: BY })).contact;
}

export const match = (
  { store }: DirectoryClients,
  kind: AddressKind,
  value: string,
  name = '',
): Promise<{ contact: ContactId; isNew: boolean }> =>
  store.call.match({ address: { kind, value }, name, otherwise: newContactId() });

/** The names of what is found, in order. */
export async function found({ desktop }: DirectoryClients, text: string): Promise<string[]> {
  const { contacts } = await desktop.call.search({ text, limit: 50, offset: 0 });
  return contacts.map(({ name }) => name);
}

/** The refusal a call ends with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; data: unknown }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Refusal)) throw new Error('Expected a refusal', { cause: error });
  return { code: error.code, data: error.data };
}
