import { Refusal } from '#base/refusal.ts';
import { isSame } from '#base/sorted.ts';
import type { Clock, Instant } from '#base/time.ts';
import type { Contact, ContactAddress, ContactBody } from '#domain/contact.ts';
import type { ContactId } from '#domain/ids.ts';
import { addressKey, isSameAddress } from './rules/address-key.ts';
import type { Reads, Storage, Writes } from './storage.ts';

/** Makes, changes and erases contacts. Whoever concerns the same contact or address takes turns. */
export class Directory {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Who is at this address: of several, the one last changed; of none, a new person under the id `otherwise`. */
  async match(
    {
      address,
      name,
      otherwise,
    }: {
      readonly address: ContactAddress;
      readonly name: string;
      readonly otherwise: ContactId;
    },
    by: string,
  ): Promise<{ contact: ContactId; isNew: boolean }> {
    const known = await ownerOf(this.#storage, address);
    if (known !== undefined) return { contact: known, isNew: known === otherwise };
    return this.#storage.write([...lockOf(address), otherwise], async (writes) => {
      const [made] = await writes.contacts([otherwise]); // the answer to this call was lost
      const contact = (await ownerOf(writes, address)) ?? made?.id;
      if (contact !== undefined) return { contact, isNew: contact === otherwise };
      const now = this.#clock.now();
      await this.#put(writes, newPerson(otherwise, address, name, now), by, now);
      return { contact: otherwise, isNew: true };
    });
  }

  async put(
    id: ContactId,
    body: ContactBody,
    expected: number | undefined,
    by: string,
  ): Promise<Contact> {
    const { organisation } = body;
    const keys = [id, ...(organisation ? [organisation] : []), ...body.addresses.flatMap(lockOf)];
    return this.#storage.write(keys, async (writes) => {
      const [before] = await writes.contacts([id]);
      const revision = before?.revision ?? 0;
      if (expected !== undefined && expected !== revision) {
        const text = 'Somebody has changed this contact meanwhile: look at it again';
        throw new Refusal('conflict', text, { revision });
      }
      if (organisation !== undefined) await mustBeOrganisation(writes, organisation, id);
      if (before && isSame(body, bodyOf(before))) return before;
      const now = this.#clock.now();
      const contact = {
        ...body,
        id,
        revision: revision + 1,
        createdAt: before?.createdAt ?? now,
        changedAt: now,
      };
      const isPersonNow = before?.kind === 'organisation' && body.kind === 'person';
      const released = isPersonNow ? await writes.release(id, now) : [];
      await this.#put(writes, contact, by, now, released);
      return contact;
    });
  }

  /** Erases somebody for good: only their id stays, in the list of changes. */
  async erase(id: ContactId, by: string): Promise<void> {
    await this.#storage.write([id], async (writes) => {
      const now = this.#clock.now();
      const released = await writes.release(id, now);
      if (!(await writes.remove(id))) return;
      const changes = [
        ...released.map((contact) => ({ contact, erased: false })),
        { contact: id, erased: true },
      ];
      await writes.note(changes, now, by);
    });
  }

  async #put(
    writes: Writes,
    contact: Contact,
    by: string,
    now: Instant,
    others: readonly ContactId[] = [],
  ): Promise<void> {
    await writes.put([contact]);
    const changes = [contact.id, ...others].map((id) => ({ contact: id, erased: false }));
    await writes.note(changes, now, by);
  }
}

async function ownerOf(reads: Reads, address: ContactAddress): Promise<ContactId | undefined> {
  const owners = await reads.ownersOf([addressKey(address)]);
  return owners.find((owner) => isSameAddress(owner, address))?.contact;
}

/** Whoever looks for an address, and whoever gives it to somebody, take turns. */
function lockOf(address: ContactAddress): string[] {
  const { family, key } = addressKey(address);
  return [`${family} ${key}`];
}

async function mustBeOrganisation(
  reads: Reads,
  organisation: ContactId,
  id: ContactId,
): Promise<void> {
  const [found] = await reads.contacts([organisation]);
  if (found?.kind === 'organisation' && organisation !== id) return;
  const text = 'There is no such organisation to belong to';
  throw new Refusal('unknown-organisation', text, { contact: organisation });
}

const bodyOf = ({
  kind,
  name,
  organisation,
  accountOwner,
  addresses,
  note,
  fields,
}: Contact): ContactBody => ({
  kind,
  name,
  ...(organisation === undefined ? {} : { organisation }),
  ...(accountOwner === undefined ? {} : { accountOwner }),
  addresses,
  note,
  fields,
});

function newPerson(id: ContactId, address: ContactAddress, name: string, now: Instant): Contact {
  return {
    id,
    kind: 'person',
    name: name.trim() || namelessAt(address),
    addresses: [address],
    note: '',
    fields: {},
    revision: 1,
    createdAt: now,
    changedAt: now,
  };
}

/** A chat's address is a number that nobody recognises. */
const namelessAt = ({ kind, value }: ContactAddress): string =>
  kind === 'chat' ? 'Visitor' : value.slice(0, 200);
