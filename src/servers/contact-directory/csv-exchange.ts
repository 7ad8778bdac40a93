import { newId } from '#base/id.ts';
import type { Clock, Instant } from '#base/time.ts';
import type { Contact } from '#domain/contact.ts';
import { ContactId } from '#domain/ids.ts';
import { CSV_HEADER, csvLineOf, splitCsv } from './csv.ts';
import { addressKey } from './rules/address-key.ts';
import { KnownContacts } from './rules/known-contacts.ts';
import { planRow } from './rules/plan-row.ts';
import { type ContactRow, readRows, type RowProblem } from './rules/read-rows.ts';
import { searchedName } from './rules/search-terms.ts';
import type { PagePosition, Reads, Storage } from './storage.ts';

/** Rows in one transaction: all else that writes waits for it, some 100 ms. */
const CHUNK = 500;
/** Contacts read at once for a page of the export. */
const PAGE = 500;
/** Well below what one message may hold. */
const PAGE_BYTES = 700_000;
/** Problems named in one answer; who has more has exported something else. */
const MOST_PROBLEMS = 1_000;

export interface Imported {
  created: number;
  changed: number;
  problems: RowProblem[];
}

/** Contacts as CSV, and back. */
export class CsvExchange {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** A page behind `after`: a header and as many contacts as fit. Organisations come before people. */
  async export(after: ContactId | undefined): Promise<{ csv: string; next?: ContactId }> {
    const contacts = await this.#storage.page(await this.#positionOf(after), PAGE);
    let csv = CSV_HEADER;
    let bytes = Buffer.byteLength(csv);
    let last: ContactId | undefined;
    for (const contact of contacts) {
      const line = csvLineOf(contact);
      bytes += Buffer.byteLength(line);
      if (last !== undefined && bytes > PAGE_BYTES) return { csv, next: last };
      csv += line;
      last = contact.id;
    }
    return last === undefined || contacts.length < PAGE ? { csv } : { csv, next: last };
  }

  /** Takes rows in, some at a time; stops between them when the signal aborts. */
  async import(csv: string, dryRun: boolean, by: string, signal: AbortSignal): Promise<Imported> {
    const split = splitCsv(csv);
    const { rows, problems } = readRows(split.rows);
    const imported: Imported = {
      created: 0,
      changed: 0,
      problems: [...split.problems, ...problems],
    };
    const isOrganisation = ({ kind }: ContactRow): boolean => kind === 'organisation';
    const ordered = rows.toSorted(
      (one, other) => Number(isOrganisation(other)) - Number(isOrganisation(one)),
    );
    const rehearsed = new KnownContacts();
    for (let at = 0; at < ordered.length; at += CHUNK) {
      signal.throwIfAborted();
      const chunk = ordered.slice(at, at + CHUNK);
      if (dryRun) await this.#plan(this.#storage, chunk, rehearsed, imported);
      else await this.#write(chunk, by, imported);
    }
    return { ...imported, problems: inOrder(imported.problems) };
  }

  async #write(chunk: readonly ContactRow[], by: string, imported: Imported): Promise<void> {
    const tally: Imported = { created: 0, changed: 0, problems: [] };
    await this.#storage.write('all', async (writes) => {
      const now = this.#clock.now();
      const contacts = await this.#plan(writes, chunk, new KnownContacts(), tally, now);
      if (contacts.length === 0) return;
      await writes.put(contacts);
      const changes = contacts.map(({ id }) => ({ contact: id, erased: false }));
      await writes.note(changes, now, by);
    });
    imported.created += tally.created;
    imported.changed += tally.changed;
    imported.problems.push(...tally.problems);
  }

  /** @returns What is to be written: of a contact that several rows speak of, what the last leaves. */
  async #plan(
    reads: Reads,
    chunk: readonly ContactRow[],
    known: KnownContacts,
    tally: Imported,
    now: Instant = this.#clock.now(),
  ): Promise<Contact[]> {
    await take(reads, chunk, known);
    const planned = new Map<ContactId, Contact>();
    for (const row of chunk) {
      const plan = planRow(row, known, ContactId.parse(newId(now)), now);
      if (plan.type === 'bad') tally.problems.push({ line: row.line, problem: plan.problem });
      if (plan.type !== 'write') continue;
      tally[plan.isNew ? 'created' : 'changed']++;
      planned.set(plan.contact.id, plan.contact);
      known.plan(plan.contact);
    }
    return [...planned.values()];
  }

  /** One that was erased meanwhile counts as an organisation: people may come twice, nobody is left out. */
  async #positionOf(id: ContactId | undefined): Promise<PagePosition | undefined> {
    if (id === undefined) return undefined;
    const [contact] = await this.#storage.contacts([id]);
    return { kind: contact?.kind ?? 'organisation', id };
  }
}

/** Reads all that a chunk of rows may concern. */
async function take(
  reads: Reads,
  chunk: readonly ContactRow[],
  known: KnownContacts,
): Promise<void> {
  const addresses = chunk.flatMap((row) => Object.values(row.addresses).flat());
  const organisations = chunk.flatMap(({ organisation }) => (organisation ? [organisation] : []));
  const named = await reads.organisationsNamed([...new Set(organisations.map(searchedName))]);
  const owners = await reads.ownersOf(addresses.map(addressKey));
  const ids = new Set([
    ...owners.map(({ contact }) => contact),
    ...named.map(({ id }) => id),
    ...chunk.flatMap(({ id }) => (id === undefined ? [] : [id])),
    ...organisations.flatMap((text) => ContactId.safeParse(text).data ?? []),
  ]);
  const contacts = await reads.contacts([...ids]);
  known.take(contacts.toSorted((one, other) => other.changedAt - one.changedAt));
}

function inOrder(problems: readonly RowProblem[]): RowProblem[] {
  const ordered = problems.toSorted((one, other) => one.line - other.line);
  const more = ordered.length - MOST_PROBLEMS;
  if (more <= 0) return ordered;
  const named = ordered.slice(0, MOST_PROBLEMS);
  return [...named, { line: named.at(-1)?.line ?? 0, problem: `and ${more} more problems` }];
}
