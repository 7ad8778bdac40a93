import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openDatabase } from './pool.ts';
import { testDatabase } from './testing.ts';

async function migrations(files: Record<string, string>): Promise<{ url: URL } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'emcee-test-migrations-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return {
    url: pathToFileURL(directory),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

const TWO = {
  '0001-people.sql':
    'create table shop.people (id int primary key); insert into shop.people values (1);',
  '0002-names.sql': `alter table shop.people add name text not null default 'Customer 1';`,
  'README.md': 'not a migration',
};

test('Database.migrate() runs each file once, in order, and only what is new', async () => {
  await using database = await testDatabase();
  await using first = await migrations({ '0001-people.sql': TWO['0001-people.sql'] });
  await using both = await migrations(TWO);
  await database.migrate('shop', first.url);
  await database.migrate('shop', both.url);
  await database.migrate('shop', both.url);
  expect(await database.query({ text: 'select * from shop.people' })).toEqual([
    { id: 1, name: 'Customer 1' },
  ]);
  expect(await database.query({ text: 'select number, name from shop.migrations' })).toEqual([
    { number: 1, name: '0001-people.sql' },
    { number: 2, name: '0002-names.sql' },
  ]);
});

test('Database.migrate() by several programs at once runs each file once', async () => {
  await using database = await testDatabase();
  await using both = await migrations(TWO);
  await using life = new AsyncDisposableStack();
  const racers = await Promise.all(
    [1, 2, 3, 4].map(async (n) =>
      life.use(await openDatabase({ url: database.url, name: `${n}` })),
    ),
  );
  await Promise.all(racers.map((racer) => racer.migrate('shop', both.url)));
  expect(await database.query({ text: 'select count(*) as n from shop.migrations' })).toEqual([
    { n: 2 },
  ]);
});

test('Database.migrate() refuses a schema that a newer release has changed', async () => {
  await using database = await testDatabase();
  await using first = await migrations({ '0001-people.sql': TWO['0001-people.sql'] });
  await using both = await migrations(TWO);
  await database.migrate('shop', both.url);
  await expect(database.migrate('shop', first.url)).rejects.toThrow(
    'Cannot use the schema "shop": a newer release of this program has changed it ("0002-names.sql"); ' +
      'start that release, or restore a backup of before',
  );
});

test('Database.migrate() leaves the schema as it was when a file fails, and says which and why', async () => {
  await using database = await testDatabase();
  await using bad = await migrations({
    '0001-people.sql': TWO['0001-people.sql'],
    '0002-bad.sql': 'create table shop.more (id int); select nonsense;',
  });
  await expect(database.migrate('shop', bad.url)).rejects.toThrow(
    'Cannot bring the schema "shop" up to date: "0002-bad.sql" failed: column "nonsense" does not exist',
  );
  expect(await database.query({ text: `select to_regclass('shop.more') as more` })).toEqual([
    { more: null },
  ]);
  expect(await database.query({ text: 'select count(*) as n from shop.migrations' })).toEqual([
    { n: 1 },
  ]);
});

test('Database.migrate() refuses files that do not count from 0001 without gaps', async () => {
  await using database = await testDatabase();
  await using gap = await migrations({ '0001-a.sql': '', '0003-c.sql': '' });
  await expect(database.migrate('shop', gap.url)).rejects.toThrow(
    '"0003-c.sql" should begin with 0002-',
  );
});
