import { expect, test, vi } from 'vitest';
import { DatabaseGoneError } from './database.ts';
import { openDatabase } from './pool.ts';
import { testDatabase } from './testing.ts';
import type { Database } from './database.ts';

/** Breaks all other sessions on this database, as a server that crashes does. */
const breakSessions = (database: Database): Promise<unknown> =>
  database.query({
    text: `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`,
  });

test('Database.query() gives int8 as a number, a date as its text and a timestamptz as a Date', async () => {
  await using database = await testDatabase();
  const rows = await database.query({
    text: `select count(*) as rows, date '2026-02-28' as day, $1::int[] as list, $2::timestamptz as at,
                  $3::jsonb as body`,
    values: [[1, 2], new Date(1_700_000_000_123), JSON.stringify({ a: [1] })],
  });
  expect(rows).toEqual([
    { rows: 1, day: '2026-02-28', list: [1, 2], at: new Date(1_700_000_000_123), body: { a: [1] } },
  ]);
});

test('Database.query() says so when an int8 is too large for a number', async () => {
  await using database = await testDatabase();
  await expect(database.query({ text: 'select 9007199254740993 as n' })).rejects.toThrow(
    RangeError,
  );
  expect(await database.query({ text: 'select 1 as n' })).toEqual([{ n: 1 }]);
});

test('Database.query() waits its turn when all connections are busy', async () => {
  await using database = await testDatabase();
  await using small = await openDatabase({ url: database.url, name: 'small', maxConnections: 2 });
  const pids = await Promise.all(
    Array.from({ length: 20 }, () =>
      small.query<{ pid: number }>({ text: 'select pg_backend_pid() pid' }),
    ),
  );
  expect(new Set(pids.flat().map((row) => row.pid)).size).toBeLessThanOrEqual(2);
});

test('Database.query() keeps its connection after a statement that failed', async () => {
  await using database = await testDatabase();
  await using one = await openDatabase({ url: database.url, name: 'one', maxConnections: 1 });
  const pid = () => one.query({ text: 'select pg_backend_pid() pid' });
  const before = await pid();
  await expect(one.query({ text: 'select 1/0' })).rejects.toMatchObject({ code: '22012' });
  expect(await pid()).toEqual(before);
});

test('Database.query() fails with DatabaseGoneError when its session breaks, and the next one works', async () => {
  await using database = await testDatabase();
  await using victim = await openDatabase({ url: database.url, name: 'victim' });
  const sleeping = victim.query({ text: 'select pg_sleep(20)' }).catch((error: unknown) => error);
  const typed = victim.kysely<{ pg_class: { oid: number } }>();
  await vi.waitFor(async () => {
    const rows = await database.query({
      text: `select from pg_stat_activity where application_name = 'victim' and state = 'active'`,
    });
    expect(rows).toHaveLength(1);
  });
  await breakSessions(database);
  expect(await sleeping).toBeInstanceOf(DatabaseGoneError);
  expect(await victim.query({ text: 'select 1 as n' })).toEqual([{ n: 1 }]);
  await typed.selectFrom('pg_class').select('oid').limit(1).execute();
});

test('Database.query() fails with DatabaseGoneError when nobody answers', async () => {
  for (const url of ['postgresql://x@127.0.0.1:1/x', 'postgresql://x@/x?host=/nowhere']) {
    await expect(openDatabase({ url, name: 'test' })).rejects.toThrow(DatabaseGoneError);
  }
});

test('openDatabase() says in one sentence why the server refuses us', async () => {
  await using database = await testDatabase();
  const url = database.url.replace(/\/test_\w+/, '/nowhere');
  await expect(openDatabase({ url, name: 'test' })).rejects.toThrow(
    'Cannot open the database: database "nowhere" does not exist',
  );
});

test('Database.transaction() commits all or nothing', async () => {
  await using database = await testDatabase();
  await database.query({ text: 'create table t (n int primary key)' });
  const insert = (...numbers: number[]) =>
    database.transaction(async (tx) => {
      for (const n of numbers) await tx.query({ text: 'insert into t values ($1)', values: [n] });
      return numbers.length;
    });
  expect(await insert(1, 2)).toBe(2);
  await expect(insert(3, 1)).rejects.toMatchObject({ code: '23505' });
  expect(await database.query({ text: 'select n from t order by n' })).toEqual([
    { n: 1 },
    { n: 2 },
  ]);
});

test('Database.transaction() does not pass for committed when a failure inside it was hidden', async () => {
  await using database = await testDatabase();
  await database.query({ text: 'create table t (n int)' });
  const hidden = database.transaction(async (tx) => {
    await tx.query({ text: 'insert into t values (1)' });
    await tx.query({ text: 'select 1/0' }).catch(() => undefined);
  });
  await expect(hidden).rejects.toThrow('Cannot commit the transaction');
  expect(await database.query({ text: 'select * from t' })).toEqual([]);
});

test('Database.transaction() hands on what its work throws, even what looks like a broken connection', async () => {
  await using database = await testDatabase();
  const failure = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  await expect(database.transaction(() => Promise.reject(failure))).rejects.toBe(failure);
});

test('Database.kysely() works in transactions and gives the same words when the database is gone', async () => {
  await using database = await testDatabase();
  await database.query({ text: 'create table people (id bigint primary key, name text not null)' });
  const db = database.kysely<{ people: { id: number; name: string } }>();
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('people').values({ id: 1, name: 'Agent 1' }).execute();
  });
  expect(await db.selectFrom('people').selectAll().execute()).toEqual([{ id: 1, name: 'Agent 1' }]);
  await using victim = await openDatabase({ url: database.url, name: 'victim' });
  const broken = victim
    .kysely<{ people: { id: number; name: string } }>()
    .transaction()
    .execute(async (trx) => {
      await trx.selectFrom('people').selectAll().execute();
      await breakSessions(database);
      await trx.selectFrom('people').selectAll().execute();
    });
  await expect(broken).rejects.toThrow(DatabaseGoneError);
});

test('Database.listen() hears what was notified, once per listener, until disposed', async () => {
  await using database = await testDatabase();
  const heard: string[] = [];
  const first = await database.listen('a "b"', (payload) => heard.push(`1 ${payload}`));
  await using second = await database.listen('a "b"', (payload) => heard.push(`2 ${payload}`));
  const notify = (payload: string) =>
    database.query({ text: `select pg_notify('a "b"', $1)`, values: [payload] });
  await notify('x');
  await vi.waitFor(() => expect(heard).toEqual(['1 x', '2 x']));
  await first[Symbol.asyncDispose]();
  await notify('y');
  await vi.waitFor(() => expect(heard).toEqual(['1 x', '2 x', '2 y']));
  await second[Symbol.asyncDispose]();
  await vi.waitFor(async () => {
    const rows = await database.query({
      text: `select from pg_stat_activity where application_name = 'test listener'`,
    });
    expect(rows).toEqual([]);
  });
});

test('Database.listen() reconnects by itself and tells its listeners once', async () => {
  await using database = await testDatabase();
  await using other = await openDatabase({ url: database.url, name: 'other' });
  const heard: string[] = [];
  for (const channel of ['a', 'b']) {
    await database.listen(channel, (payload) => heard.push(channel + payload));
  }
  for (let round = 1; round <= 3; round++) {
    heard.length = 0;
    await breakSessions(other);
    await vi.waitFor(() => expect(heard).toEqual(['a', 'b']), 5_000);
    await other.query({ text: `select pg_notify('a', 'x'), pg_notify('b', 'y')` });
    await vi.waitFor(() => expect(heard).toEqual(['a', 'b', 'ax', 'by']), 5_000);
  }
});

test('disposing a database twice is safe, and ends what waits', async () => {
  await using database = await testDatabase();
  const other = await openDatabase({ url: database.url, name: 'other' });
  await Promise.all([other[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
  await expect(other.query({ text: 'select 1' })).rejects.toThrow('Cannot use a pool after');
});
