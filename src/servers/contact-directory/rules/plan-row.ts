import { isSame } from '#base/sorted.ts';
import type { Instant } from '#base/time.ts';
import { AddressKind, type Contact, type ContactAddress, ContactBody } from '#domain/contact.ts';
import { ContactId } from '#domain/ids.ts';
import { isSameAddress } from './address-key.ts';
import type { KnownContacts } from './known-contacts.ts';
import type { ContactRow } from './read-rows.ts';

export type RowPlan =
  | { readonly type: 'write'; readonly contact: Contact; readonly isNew: boolean }
  | { readonly type: 'same' }
  | { readonly type: 'bad'; readonly problem: string };

/**
 * Plans what a row of CSV does: it changes the contact of its id, else the one that has one of its
 * addresses, else it makes a new one. By id what the row says is put in the place of what was; by address,
 * which may be a coincidence, it is only added.
 *
 * @param newId The id of a new contact.
 */
export function planRow(
  row: ContactRow,
  known: KnownContacts,
  newId: ContactId,
  now: Instant,
): RowPlan {
  const given = AddressKind.options.flatMap((kind) => row.addresses[kind] ?? []);
  const owner = row.id === undefined ? known.ownerOf(given) : known.get(row.id);
  const id = row.id ?? owner?.id ?? newId;
  const isAdding = owner !== undefined && row.id === undefined;

  const organisation = organisationOf(row, owner, known, isAdding);
  if (organisation?.type === 'unknown') {
    return { type: 'bad', problem: `there is no organisation "${row.organisation}"` };
  }
  const body = ContactBody.safeParse({
    kind: row.kind ?? owner?.kind ?? 'person',
    name: row.name ?? owner?.name ?? '',
    ...(organisation ? { organisation: organisation.id } : {}),
    ...accountOwnerOf(row, owner, isAdding),
    addresses: isAdding ? added(owner.addresses, given) : replaced(owner?.addresses ?? [], row),
    note: (isAdding ? row.note || owner.note : (row.note ?? owner?.note)) ?? '',
    fields: isAdding ? { ...owner.fields, ...row.fields } : (row.fields ?? owner?.fields ?? {}),
  });
  if (!body.success) return { type: 'bad', problem: wordsOf(body.error.issues) };
  if (body.data.organisation === id) {
    return { type: 'bad', problem: 'it cannot be its own organisation' };
  }
  if (owner && isSame(comparable(body.data), comparable(owner))) return { type: 'same' };
  const contact = {
    ...body.data,
    id,
    revision: (owner?.revision ?? 0) + 1,
    createdAt: owner?.createdAt ?? now,
    changedAt: now,
  };
  return { type: 'write', contact, isNew: owner === undefined };
}

function organisationOf(
  { organisation }: ContactRow,
  owner: Contact | undefined,
  known: KnownContacts,
  isAdding: boolean,
): { readonly type: 'known'; readonly id: ContactId } | { readonly type: 'unknown' } | undefined {
  const isSilent = organisation === undefined || (organisation === '' && isAdding);
  if (isSilent) return owner?.organisation && { type: 'known', id: owner.organisation };
  if (organisation === '') return undefined;
  const read = ContactId.safeParse(organisation);
  const id = read.success ? read.data : known.organisationNamed(organisation);
  return id !== undefined && known.get(id)?.kind === 'organisation'
    ? { type: 'known', id }
    : { type: 'unknown' };
}

/** What a row says of whose account it is; by address it is only added. */
function accountOwnerOf(
  { accountOwner: given }: ContactRow,
  owner: Contact | undefined,
  isAdding: boolean,
): { readonly accountOwner?: string } {
  const isSilent = given === undefined || (given === '' && isAdding);
  const accountOwner = isSilent ? owner?.accountOwner : given;
  return accountOwner ? { accountOwner } : {};
}

/** Of the kinds that a row lists, its addresses; of the others, those that were. */
function replaced(before: readonly ContactAddress[], { addresses }: ContactRow): ContactAddress[] {
  return AddressKind.options.flatMap(
    (kind) => addresses[kind] ?? before.filter((address) => address.kind === kind),
  );
}

function added(
  before: readonly ContactAddress[],
  given: readonly ContactAddress[],
): ContactAddress[] {
  const isNew = (address: ContactAddress): boolean =>
    !before.some((other) => other.kind === address.kind && isSameAddress(other, address));
  return [...before, ...given.filter(isNew)];
}

/** What a row could say: the order of addresses of different kinds is not in it. */
const comparable = ({
  kind,
  name,
  organisation,
  accountOwner,
  addresses,
  note,
  fields,
}: ContactBody): object => ({
  kind,
  name,
  organisation,
  accountOwner,
  addresses: AddressKind.options.map((each) => addresses.filter((a) => a.kind === each)),
  note,
  fields,
});

const wordsOf = (issues: readonly { path: PropertyKey[]; message: string }[]): string =>
  issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
