import type { Instant } from '#base/time.ts';
import type { Contact, ContactAddress } from '#domain/contact.ts';
import type { AgentId, ContactId } from '#domain/ids.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import type { Numbered } from '#platform/feed/feed.ts';
import { type AddressKey, addressKey } from './rules/address-key.ts';
import { literally, piecesOf } from './rules/pieces.ts';
import { type SearchTerms, searchedAddresses, searchedName } from './rules/search-terms.ts';
import {
  type ContactChange,
  MOST_FOUND,
  type OwnedAddress,
  type PagePosition,
  type Reads,
  type Storage,
  type Writes,
} from './storage.ts';

const MIGRATIONS = new URL('migrations/', import.meta.url);
const CHANNEL = 'emcee_contacts';
/** The lock that every write shares, and an import has alone. */
const EVERYBODY = `hashtextextended('emcee contacts', 0)`;

/** The tables, made or brought up to date. */
export async function openTables(database: Database): Promise<Storage> {
  await database.migrate('contact', MIGRATIONS);
  return new Tables(database);
}

interface ContactRow {
  readonly id: ContactId;
  readonly revision: number;
  readonly kind: Contact['kind'];
  readonly name: string;
  readonly organisation: ContactId | null;
  readonly account_owner: AgentId | null;
  readonly note: string;
  readonly fields: Record<string, string>;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly addresses: readonly (Omit<ContactAddress, 'label'> & { label: string | null })[] | null;
}

const CONTACT = `c.id, c.revision, c.kind, c.name, c.organisation, c.account_owner, c.note, c.fields, c.created_at, c.changed_at,
  (select json_agg(json_build_object('kind', a.kind, 'value', a.value, 'label', a.label) order by a.ordinal)
     from contact.addresses a where a.contact = c.id) as addresses`;

class TableReads implements Reads {
  readonly #sql: Transaction;

  constructor(sql: Transaction) {
    this.#sql = sql;
  }

  async contacts(ids: readonly ContactId[]): Promise<Contact[]> {
    const rows = await this.#sql.query<ContactRow>({
      name: 'contact-contacts',
      text: `select ${CONTACT} from contact.contacts c where c.id = any($1)`,
      values: [ids],
    });
    return rows.map(contactOf);
  }

  ownersOf(keys: readonly AddressKey[]): Promise<OwnedAddress[]> {
    return this.#sql.query<OwnedAddress>({
      name: 'contact-owners',
      text: `select a.contact, a.kind, a.value
               from unnest($1::text[], $2::text[]) wanted (family, key)
               join contact.addresses a using (family, key)
               join contact.contacts c on c.id = a.contact
              order by c.changed_at desc, c.id`,
      values: [keys.map(({ family }) => family), keys.map(({ key }) => key)],
    });
  }

  organisationsNamed(names: readonly string[]): Promise<{ id: ContactId; name: string }[]> {
    return this.#sql.query<{ id: ContactId; name: string }>({
      text: `select id, searched_name as name from contact.contacts
              where searched_name = any($1) and kind = 'organisation' order by changed_at desc`,
      values: [names],
    });
  }
}

class Tables extends TableReads implements Storage {
  readonly #database: Database;

  constructor(database: Database) {
    super(database);
    this.#database = database;
  }

  names(ids: readonly ContactId[]): Promise<{ contact: ContactId; name: string }[]> {
    return this.#database.query<{ contact: ContactId; name: string }>({
      name: 'contact-names',
      text: 'select id as contact, name from contact.contacts where id = any($1)',
      values: [ids],
    });
  }

  search(
    { name, beginnings, part }: SearchTerms,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ contacts: Contact[]; total: number }> {
    const words = beginnings.map((word) => ` ${word}`);
    return this.#database.transaction(async (tx) => {
      // three indexes answer; a scan of a million contacts is never the better plan, whatever it is taken for
      await tx.query({ text: 'set local enable_seqscan = off' });
      const rows = await tx.query<ContactRow & { total: number }>({
        text: `
          with beginning as materialized (
            select id, searched_name from contact.contacts
             where $1 <> '' and searched_name >= $1 and searched_name < $1 || chr(1114111)
             order by searched_name, id limit ${MOST_FOUND}
          ), word as materialized (
            select id, searched_name from contact.contacts
             where (select count(*) from beginning) < ${MOST_FOUND}
               and $1 <> '' and contact.pieces(' ' || searched_name) @> $2::text[]
               and ' ' || searched_name like all ($3::text[])
             limit ${MOST_FOUND}
          ), part as materialized (
            select id, searched_name from contact.contacts
             where (select count(*) from word) < ${MOST_FOUND}
               and (select count(*) from beginning) < ${MOST_FOUND}
               and contact.pieces(searched_address) @> $4::text[] and searched_address like $5
             limit ${MOST_FOUND}
          ), found (id, rank, searched_name) as (
            select id, 0, searched_name from beginning
            union all select id, 1, searched_name from word
            union all select id, 2, searched_name from part
          ), best (id, rank, searched_name) as (
            select id, min(rank), searched_name from found group by id, searched_name
             order by 2, 3, 1 limit ${MOST_FOUND}
          ), page as (
            select id, rank, searched_name, (select count(*)::int from best) as total
              from best order by rank, searched_name, id limit $6 offset $7
          )
          select ${CONTACT}, page.total from page join contact.contacts c using (id)
           order by page.rank, page.searched_name, c.id`,
        values: [
          name,
          [...new Set(words.flatMap(piecesOf))],
          words.map((word) => `%${literally(word)}%`),
          part === undefined ? null : [...new Set(piecesOf(part))],
          part === undefined ? null : `%${literally(part)}%`,
          limit,
          offset,
        ],
      });
      return { contacts: rows.map(contactOf), total: rows[0]?.total ?? 0 };
    });
  }

  async page(after: PagePosition | undefined, limit: number): Promise<Contact[]> {
    const rows = await this.#database.query<ContactRow>({
      text: `select ${CONTACT} from contact.contacts c
              where $1::text is null or (c.kind, c.id) > ($1, $2::uuid)
              order by c.kind, c.id limit $3`,
      values: [after?.kind, after?.id, limit],
    });
    return rows.map(contactOf);
  }

  async newestChange(): Promise<number> {
    const [row] = await this.#database.query<{ number: number }>({
      text: 'select number from contact.newest',
    });
    return row?.number ?? 0;
  }

  async changes(since: number, limit: number): Promise<Numbered<ContactChange>[]> {
    const rows = await this.#database.query<ContactChange & { number: number }>({
      name: 'contact-changes',
      text: `select number, contact, erased from contact.changes
              where number > $1 order by number limit $2`,
      values: [since, limit],
    });
    return rows.map(({ number, ...change }) => ({ number, change }));
  }

  write<T>(keys: readonly string[] | 'all', work: (writes: Writes) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (tx) => {
      if (keys === 'all') {
        await tx.query({ text: `select pg_advisory_xact_lock(${EVERYBODY})` });
      } else {
        // in order, so that no two wait for each other
        await tx.query({
          name: 'contact-lock',
          text: `with everybody as materialized (select pg_advisory_xact_lock_shared(${EVERYBODY}))
                 select pg_advisory_xact_lock(lock) from everybody,
                   (select distinct hashtextextended('emcee contact ' || key, 0) as lock
                      from unnest($1::text[]) key order by lock) locks`,
          values: [keys],
        });
      }
      return work(new TableWrites(tx));
    });
  }

  onWritten(heard: () => void): Promise<AsyncDisposable> {
    return this.#database.listen(CHANNEL, heard);
  }
}

class TableWrites extends TableReads implements Writes {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    super(tx);
    this.#tx = tx;
  }

  async put(contacts: readonly Contact[]): Promise<void> {
    const rows = contacts.map(rowOf);
    await this.#tx.query({
      name: 'contact-put',
      text: `insert into contact.contacts
             select * from jsonb_to_recordset($1) as row (id uuid, revision int, kind text, name text,
               organisation uuid, note text, fields jsonb, created_at timestamptz, changed_at timestamptz,
               searched_name text, searched_address text, account_owner text)
             on conflict (id) do update set revision = excluded.revision, kind = excluded.kind,
               name = excluded.name, organisation = excluded.organisation, note = excluded.note,
               fields = excluded.fields, changed_at = excluded.changed_at,
               searched_name = excluded.searched_name, searched_address = excluded.searched_address,
               account_owner = excluded.account_owner`,
      values: [JSON.stringify(rows)],
    });
    await this.#tx.query({
      name: 'contact-drop-addresses',
      text: 'delete from contact.addresses where contact = any($1)',
      values: [contacts.map(({ id }) => id)],
    });
    await this.#tx.query({
      name: 'contact-put-addresses',
      text: `insert into contact.addresses
             select * from jsonb_to_recordset($1) as row (contact uuid, ordinal int2, kind text, value text,
               label text, family text, key text)`,
      values: [JSON.stringify(contacts.flatMap(addressRowsOf))],
    });
  }

  async remove(id: ContactId): Promise<boolean> {
    const rows = await this.#tx.query({
      text: 'delete from contact.contacts where id = $1 returning id',
      values: [id],
    });
    return rows.length > 0;
  }

  async release(organisation: ContactId, at: Instant): Promise<ContactId[]> {
    const rows = await this.#tx.query<{ id: ContactId }>({
      text: `update contact.contacts
                set organisation = null, revision = revision + 1, changed_at = $2
              where organisation = $1 returning id`,
      values: [organisation, new Date(at)],
    });
    return rows.map(({ id }) => id);
  }

  async note(changes: readonly ContactChange[], at: Instant, by: string): Promise<void> {
    await this.#tx.query({
      name: 'contact-note',
      text: `with newest as (update contact.newest set number = number + cardinality($1::uuid[]) returning number)
             insert into contact.changes
             select newest.number - cardinality($1) + ordinal, contact, erased, $3, $4
               from newest, unnest($1, $2::bool[]) with ordinality as row (contact, erased, ordinal)
             returning pg_notify('${CHANNEL}', '')`,
      values: [
        changes.map(({ contact }) => contact),
        changes.map(({ erased }) => erased),
        new Date(at),
        by,
      ],
    });
  }
}

function contactOf(row: ContactRow): Contact {
  return {
    id: row.id,
    revision: row.revision,
    kind: row.kind,
    name: row.name,
    ...(row.organisation === null ? {} : { organisation: row.organisation }),
    ...(row.account_owner === null ? {} : { accountOwner: row.account_owner }),
    addresses: (row.addresses ?? []).map(({ label, ...address }) =>
      label === null ? address : { ...address, label },
    ),
    note: row.note,
    fields: row.fields,
    createdAt: row.created_at.getTime(),
    changedAt: row.changed_at.getTime(),
  };
}

const rowOf = (contact: Contact): object => ({
  id: contact.id,
  revision: contact.revision,
  kind: contact.kind,
  name: contact.name,
  organisation: contact.organisation ?? null,
  note: contact.note,
  fields: contact.fields,
  created_at: new Date(contact.createdAt),
  changed_at: new Date(contact.changedAt),
  searched_name: searchedName(contact.name),
  searched_address: searchedAddresses(contact.addresses),
  account_owner: contact.accountOwner ?? null,
});

const addressRowsOf = ({ id, addresses }: Contact): object[] =>
  addresses.map(({ kind, value, label }, ordinal) => ({
    contact: id,
    ordinal,
    kind,
    value,
    label: label ?? null,
    ...addressKey({ kind, value }),
  }));
