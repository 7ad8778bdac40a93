/** All SQL of a journal. */
import pg from 'pg';
import type { Statement } from '#platform/database/database.ts';
import type { Fence } from './journal.ts';

export const createJournal = (schema: string): string => `
  create table ${journalOf(schema)} (
    stream   text        not null,
    position bigint      not null check (position > 0), -- without gaps, for a stream has one writer
    at       timestamptz not null,                      -- by the writer's wall clock: it may go back
    body     jsonb       not null,
    primary key (stream, position)
  )`;

/** Events ready to be written: numbered from `first`, their bodies as JSON. */
export interface Numbered {
  readonly first: number;
  readonly at: readonly number[];
  readonly bodies: readonly string[];
}

/** A row of the table as followers read it. */
export interface EventRow {
  readonly position: number;
  readonly at: number;
  readonly body: unknown;
}

/** The statements for one stream; prepared once per connection under names that no other stream has. */
export class JournalStatements {
  readonly #journal: string;
  readonly #stream: string;
  readonly #key: string;

  constructor(schema: string, stream: string) {
    this.#journal = journalOf(schema);
    this.#stream = stream;
    this.#key = `journal ${schema}`;
  }

  head(): Statement {
    return {
      name: `${this.#key} head`,
      text: `select coalesce(max(position), 0) as head from ${this.#journal} where stream = $1`,
      values: [this.#stream],
    };
  }

  insert(events: Numbered): Statement {
    return {
      name: `${this.#key} insert`,
      text: this.#insert(''),
      values: this.#values(events),
    };
  }

  /** Inserts all events, or where the lease is no longer ours, none; one row with `held` says which. */
  fencedInsert(events: Numbered, { lease, owner, epoch }: Fence): Statement {
    return {
      name: `${this.#key} fenced insert`,
      text: `
        with fence as (${holdLease(5)}), written as (${this.#insert('where exists (select from fence)')})
        select count(*) as held from fence`,
      values: [...this.#values(events), lease, owner, epoch],
    };
  }

  /** How many of these very events stand in the table: tells what became of a commit without an answer. */
  present(events: Numbered): Statement {
    return {
      text: `
        select count(*) as present
        from ${this.#journal} as journal join ${EVENTS}
          on journal.position = $2::bigint + nr - 1
          and journal.at = to_timestamp(event.at / 1000)
          and journal.body = event.body
        where journal.stream = $1`,
      values: this.#values(events),
    };
  }

  read(since: number, until: number, limit: number): Statement {
    return {
      name: `${this.#key} read`,
      text: `
        select position, (extract(epoch from at) * 1000)::float8 as at, body
        from ${this.#journal}
        where stream = $1 and position > $2 and position <= $3
        order by position
        limit $4`,
      values: [this.#stream, since, until, limit],
    };
  }

  /** Events whose body has these members. */
  search(having: Readonly<Record<string, unknown>>, since: number, until: number): Statement {
    return {
      text: `
        select position, (extract(epoch from at) * 1000)::float8 as at, body
        from ${this.#journal}
        where stream = $1 and position > $2 and position <= $3 and body @> $4::jsonb
        order by position`,
      values: [this.#stream, since, until, JSON.stringify(having)],
    };
  }

  timeOf(position: number): Statement {
    return {
      name: `${this.#key} time`,
      text: `
        select (extract(epoch from at) * 1000)::float8 as at
        from ${this.#journal} where stream = $1 and position = $2`,
      values: [this.#stream, position],
    };
  }

  #insert(condition: string): string {
    return `
      insert into ${this.#journal} (stream, position, at, body)
      select $1, $2::bigint + nr - 1, to_timestamp(event.at / 1000), event.body
      from ${EVENTS} ${condition}`;
  }

  #values({ first, at, bodies }: Numbered): unknown[] {
    return [this.#stream, first, `{${at.join(',')}}`, `[${bodies.join(',')}]`];
  }
}

/** Locks the lease against a takeover until the transaction ends; no row when it is no longer ours. */
export const fenceStatement = ({ lease, owner, epoch }: Fence): Statement => ({
  name: 'journal fence',
  text: holdLease(1),
  values: [lease, owner, epoch],
});

const holdLease = (at: number): string => `
  select from platform.leases
  where name = $${at} and owner = $${at + 1} and epoch = $${at + 2} for share`;

/** One JSON array and not an array of texts: it is parsed once, and needs no second quoting. */
const EVENTS = `
  rows from (unnest($3::float8[]), jsonb_array_elements($4::jsonb))
  with ordinality as event (at, body, nr)`;

const journalOf = (schema: string): string => `${pg.escapeIdentifier(schema)}.journal`;
