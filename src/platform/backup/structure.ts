/** All SQL of backup and restore that is not COPY. */
import pg from 'pg';
import type { Manifest, Table } from './entries.ts';

type Query = (text: string, values?: readonly unknown[]) => Promise<{ rows: unknown[] }>;

/** `"schema"."name"`, safe to put into a statement. */
export const quoted = ({
  schema,
  name,
}: {
  readonly schema: string;
  readonly name: string;
}): string => `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;

/** Ours are the schemas that keep the text of their migrations. */
const SCHEMAS = `
  select space.nspname::text as name
  from pg_namespace space
  join pg_class class on class.relnamespace = space.oid and class.relname = 'migrations'
  join pg_attribute on attrelid = class.oid and attname = 'sql' and not attisdropped
  order by 1`;

const TABLES = `
  select space.nspname::text as schema, class.relname::text as name, class.relkind = 'p' as is_partitioned,
         array(select attname::text from pg_attribute
               where attrelid = class.oid and attnum > 0 and not attisdropped and attgenerated = ''
               order by attnum) as columns,
         case when class.relispartition then (
           select json_build_object('of', inhparent::regclass::text, 'bound', pg_get_expr(class.relpartbound, class.oid))
           from pg_inherits where inhrelid = class.oid
         ) end as partition
  from pg_class class join pg_namespace space on space.oid = class.relnamespace
  where space.nspname = any($1) and class.relkind in ('r', 'p')
  order by class.oid`;

const SEQUENCES = `
  select schemaname::text as schema, sequencename::text as name, last_value::float8 as last
  from pg_sequences where schemaname = any($1) order by 1, 2`;

const FOREIGN_KEYS = `
  select conrelid::regclass::text as "table", quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = 'f' and conparentid = 0 and connamespace in (select oid from pg_namespace where nspname = any($1))`;

const TRIGGERED = `
  select distinct tgrelid::regclass::text as "table"
  from pg_trigger
  where not tgisinternal and tgrelid in (
    select oid from pg_class where relnamespace in (select oid from pg_namespace where nspname = any($1))
  )`;

/** The structure of the database within the transaction of `query`; its tables stay as they are until that ends. */
export async function readStructure(
  query: Query,
): Promise<Pick<Manifest, 'schemas' | 'tables' | 'sequences'> & { readonly holders: Set<Table> }> {
  await query(`set search_path = ''`); // so that every name comes with its schema
  const names = ((await query(SCHEMAS)).rows as { name: string }[]).map((row) => row.name);
  const schemas: Manifest['schemas'] = [];
  for (const name of names) {
    const table = quoted({ schema: name, name: 'migrations' });
    const { rows } = await query(`select name, sql from ${table} order by step`);
    schemas.push({ name, migrations: rows as Manifest['schemas'][number]['migrations'] });
  }
  const found = (await query(TABLES, [names])).rows as (Table & { is_partitioned: boolean })[];
  const holders = new Set<Table>();
  const tables = found.map(({ is_partitioned, ...table }) => {
    if (!is_partitioned) holders.add(table);
    return table;
  });
  if (tables.length > 0) {
    await query(`lock table ${tables.map(quoted).join(', ')} in access share mode`);
  }
  const sequences = (await query(SEQUENCES, [names])).rows as Manifest['sequences'];
  return { schemas, tables, sequences, holders };
}

/** Which of these schemas the database holds already. */
export async function presentSchemas(query: Query, names: readonly string[]): Promise<string[]> {
  const { rows } = await query(
    `select nspname::text as name from pg_namespace where nspname = any($1)`,
    [names],
  );
  return (rows as { name: string }[]).map((row) => row.name);
}

/**
 * Takes away what would check or act on rows one by one while they are loaded.
 *
 * @returns What puts it back; foreign keys are then checked for all rows at once.
 */
export async function liftChecks(
  query: Query,
  names: readonly string[],
): Promise<() => Promise<void>> {
  const keys = (await query(FOREIGN_KEYS, [names])).rows as {
    table: string;
    name: string;
    definition: string;
  }[];
  const triggered = (await query(TRIGGERED, [names])).rows as { table: string }[];
  for (const { table, name } of keys) await query(`alter table ${table} drop constraint ${name}`);
  for (const { table } of triggered) await query(`alter table ${table} disable trigger user`);
  return async () => {
    for (const { table, name, definition } of keys) {
      await query(`alter table ${table} add constraint ${name} ${definition}`);
    }
    for (const { table } of triggered) await query(`alter table ${table} enable trigger user`);
  };
}
