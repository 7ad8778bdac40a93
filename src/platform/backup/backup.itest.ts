import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';
import type { Database } from '#platform/database/database.ts';

const PASSPHRASE = 'correct horse battery';

async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'emcee-test-backup-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A schema with everything that makes restoring hard. */
const HARD = `
  create table shop.people (
    id int generated always as identity primary key,
    boss int references shop.people,
    favourite int,
    name text not null,
    upper_name text generated always as (upper(name)) stored,
    photo bytea, at timestamptz, amount numeric, tags text[], body jsonb
  );
  create table shop.goods (id int primary key, owner int not null references shop.people);
  alter table shop.people add foreign key (favourite) references shop.goods;
  insert into shop.people (name) values ('by the migration');
  create table shop.log (id int not null, text text) partition by range (id);
  create table shop.log_0 partition of shop.log for values from (0) to (100);
  create function shop.refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
  create trigger refuse before insert on shop.people for each row when (new.name = 'Customer 1') execute function shop.refuse();
  create table shop."odd ""name"" é" ("odd, column" text);
`;

async function fillShop(database: Database, directory: string): Promise<void> {
  await mkdir(join(directory, 'migrations'));
  await writeFile(join(directory, 'migrations/0001-hard.sql'), HARD);
  await database.migrate('shop', pathToFileURL(join(directory, 'migrations')));
  await prepareJournal(database, 'shop');
  await database.transaction(async (tx) => {
    await tx.query({ text: 'alter table shop.people disable trigger refuse' });
    await tx.query({
      text: `insert into shop.people (name, boss, photo, at, amount, tags, body)
             values ('Customer 1', 1, '\\x00ff', '2026-03-29 01:30:00.123+00', 1.10, '{a,"b,c",null}', $1)`,
      values: [JSON.stringify({ text: 'tab\t newline\n back\\slash \\. \u{1f600}' })],
    });
    await tx.query({ text: 'insert into shop.goods values (7, 2)' });
    await tx.query({ text: 'update shop.people set favourite = 7 where id = 1' });
    await tx.query({
      text: `create table shop.log_1 partition of shop.log for values from (100) to (200)`,
    });
    await tx.query({
      text: `insert into shop.log select n, 'text ' || n from generate_series(0, 199) as n`,
    });
    await tx.query({ text: `insert into shop."odd ""name"" é" values ('x')` });
    await tx.query({ text: 'alter table shop.people enable trigger refuse' });
  });
}

/** Every table of our schema, with every row. */
async function contents(database: Database): Promise<unknown> {
  const tables = await database.query<{ name: string }>({
    text: `select quote_ident(relname) as name from pg_class where relnamespace = 'shop'::regnamespace
           and relkind in ('r', 'p') order by 1`,
  });
  const all: Record<string, unknown> = {};
  for (const { name } of tables) {
    all[name] = await database.query({
      text: `select to_jsonb(t) as row from shop.${name} t order by 1`,
    });
  }
  const constraints = await database.query({
    text: `select conname, pg_get_constraintdef(oid) as definition, convalidated from pg_constraint
           where connamespace = 'shop'::regnamespace order by 1`,
  });
  const triggers = await database.query({
    text: `select tgname, tgenabled from pg_trigger where not tgisinternal`,
  });
  return { all, constraints, triggers };
}

test('restore() gives back what backup() took: rows, sequences, partitions, constraints, files', async () => {
  await using home = await temporaryDirectory();
  await using elsewhere = await temporaryDirectory();
  await using database = await testDatabase();
  await using other = await testDatabase();
  await fillShop(database, home.path);
  await mkdir(join(home.path, 'tls'));
  await writeFile(join(home.path, 'tls/authority.key'), 'key');
  await writeFile(join(home.path, 'secret.key'), Buffer.from([0, 255]));
  const output = join(home.path, 'backup');
  const taken = await backup({
    url: database.url,
    output,
    passphrase: PASSPHRASE,
    directory: home.path,
    files: ['secret.key', 'tls', 'missing'],
    program: '1.2.3',
  });
  expect(taken).toMatchObject({ schemas: ['shop'], files: 2 });
  expect((await stat(output)).mode & 0o777).toBe(0o600);
  expect((await readFile(output)).includes('Customer')).toBe(false);
  const given = {
    url: other.url,
    input: output,
    passphrase: PASSPHRASE,
    directory: elsewhere.path,
  };
  const restored = await restore(given);
  expect(restored).toEqual({ takenAt: taken.takenAt, program: '1.2.3', tables: 7, files: 2 });
  expect(await contents(other)).toEqual(await contents(database));
  expect((await readdir(elsewhere.path, { recursive: true })).toSorted()).toEqual([
    'secret.key',
    'tls',
    'tls/authority.key',
  ]);
  expect(await readFile(join(elsewhere.path, 'secret.key'))).toEqual(Buffer.from([0, 255]));
  // New rows go on behind the old ones, and a start finds nothing to migrate.
  await other.migrate('shop', pathToFileURL(join(home.path, 'migrations')));
  expect(
    await other.query({ text: `insert into shop.people (name) values ('new') returning id` }),
  ).toEqual([{ id: 3 }]);
  await expect(restore(given)).rejects.toThrow(
    'Cannot restore: the database already holds the schema "shop"; name an empty database',
  );
});

test('restore() of a backup taken under load is one moment: no gap, no half transaction', async () => {
  await using home = await temporaryDirectory();
  await using database = await testDatabase();
  await using other = await testDatabase();
  await fillShop(database, home.path);
  await database.query({ text: 'create table shop.sums (n int primary key)' });
  const directory = pathToFileURL(join(home.path, 'migrations'));
  await writeFile(
    join(home.path, 'migrations/0002-sums.sql'),
    'create table if not exists shop.sums (n int primary key)',
  );
  await database.migrate('shop', directory);
  const journal = await openJournal<number, { n: number; padding: string }>(database, {
    schema: 'shop',
    stream: 's',
    write: async (tx, changes) => {
      await tx.query({ text: 'insert into shop.sums select unnest($1::int[])', values: [changes] });
    },
  });
  const stop = new AbortController();
  let next = 0;
  const producers = Array.from({ length: 16 }, async () => {
    while (!stop.signal.aborted) {
      const n = ++next;
      await journal.append({
        changes: [n],
        events: [{ at: n, body: { n, padding: 'x'.repeat(500) } }],
      });
    }
  });
  while (journal.position < 500) await new Promise((resolve) => setTimeout(resolve, 10));
  const before = journal.position;
  const output = join(home.path, 'backup');
  await backup({
    url: database.url,
    output,
    passphrase: PASSPHRASE,
    directory: home.path,
    files: [],
    program: '1',
  });
  const after = journal.position;
  stop.abort();
  await Promise.all(producers);
  await journal[Symbol.asyncDispose]();
  expect(after).toBeGreaterThan(before); // it held nobody up
  await restore({
    url: other.url,
    input: output,
    passphrase: PASSPHRASE,
    directory: join(home.path, 'new'),
  });
  const [stream] = await other.query<{
    events: number;
    last: number;
    changed: number;
    sums: number;
  }>({
    text: `select count(*) as events, max(position) as last,
                  count(*) filter (where (body->>'n')::int in (select n from shop.sums)) as changed,
                  (select count(*) from shop.sums) as sums
           from shop.journal`,
  });
  const { events = 0, last, changed, sums } = stream ?? {};
  expect([last, changed, sums]).toEqual([events, events, events]);
  expect(events).toBeGreaterThanOrEqual(before);
  expect(events).toBeLessThanOrEqual(after);
  // Up to there it is the original, byte for byte.
  const text = `select md5(string_agg(body::text, ',' order by position)) as sum from shop.journal where position <= $1`;
  expect(await other.query({ text, values: [events] })).toEqual(
    await database.query({ text, values: [events] }),
  );
});

test('restore() of a file that is damaged, cut short or sealed otherwise leaves nothing behind', async () => {
  await using home = await temporaryDirectory();
  await using database = await testDatabase();
  await using other = await testDatabase();
  await fillShop(database, home.path);
  await writeFile(join(home.path, 'secret.key'), 'key');
  const input = join(home.path, 'backup');
  const take = () =>
    backup({
      url: database.url,
      output: input,
      passphrase: PASSPHRASE,
      directory: home.path,
      files: ['secret.key'],
      program: '1',
    });
  await take();
  const directory = join(home.path, 'new');
  const attempt = (passphrase = PASSPHRASE) =>
    restore({ url: other.url, input, passphrase, directory });
  await expect(attempt('wrong passphrase')).rejects.toThrow('the passphrase is wrong');
  await truncate(input, (await stat(input)).size - 1);
  await expect(attempt()).rejects.toThrow('Cannot read the backup: the file is cut short');
  await writeFile(input, 'nonsense');
  await expect(attempt()).rejects.toThrow('none of ours');
  await take(); // replaces it
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'secret.key'), 'another');
  await expect(attempt()).rejects.toThrow(
    /secret\.key" is there already; name an empty directory$/,
  );
  expect(await readdir(directory)).toEqual(['secret.key']);
  expect(await other.query({ text: `select to_regnamespace('shop')::text as shop` })).toEqual([
    { shop: null },
  ]);
  await rm(directory, { recursive: true });
  expect(await attempt()).toMatchObject({ files: 1 });
});

test('backup() refuses a passphrase that is guessed at once, and a place it cannot write to', async () => {
  await using home = await temporaryDirectory();
  await using database = await testDatabase();
  const options = { url: database.url, directory: home.path, files: [], program: '1' };
  await expect(
    backup({ ...options, output: join(home.path, 'b'), passphrase: '1234567' }),
  ).rejects.toThrow('Cannot back up: the passphrase must have at least 8 characters');
  await expect(
    backup({ ...options, output: join(home.path, 'no/where'), passphrase: PASSPHRASE }),
  ).rejects.toThrow(/^Cannot write the backup ".*no\/where": ENOENT/);
});
