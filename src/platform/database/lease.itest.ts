import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { ManualClock } from '#base/time.ts';
import { FencedError } from '#platform/journal/journal.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { openDatabaseProxy } from '../../../test/doubles/database-proxy.ts';
import { acquireLease, prepareLeases } from './lease.ts';
import { openDatabase } from './pool.ts';
import { testDatabase } from './testing.ts';
import type { TestDatabase } from './testing.ts';

async function leaseDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  await Promise.all([prepareLeases(database), prepareLeases(database)]);
  return database;
}

/** What a pause of the whole process does: it misses its renewals and does not know. */
const expire = (database: TestDatabase): Promise<unknown> =>
  database.query({ text: 'update platform.leases set expires_at = clock_timestamp()' });

test('acquireLease() waits until the owner gives its lease back, and then has the next epoch', async () => {
  await using database = await leaseDatabase();
  const first = await acquireLease(database, { name: 'q', owner: 'a' });
  let isWaiting = true;
  const second = acquireLease(database, { name: 'q', owner: 'b' }).then((lease) => {
    isWaiting = false;
    return lease;
  });
  await sleep(50);
  expect(isWaiting).toBe(true);
  await first[Symbol.asyncDispose]();
  expect(first.isHeld).toBe(false);
  await using held = await second;
  expect([first.fence, held.fence]).toEqual([
    { lease: 'q', owner: 'a', epoch: 1 },
    { lease: 'q', owner: 'b', epoch: 2 },
  ]);
});

test('acquireLease() gives one of many racers the lease', async () => {
  await using database = await leaseDatabase();
  const stop = new AbortController();
  const racers = Array.from({ length: 8 }, (_, n) =>
    acquireLease(database, { name: 'q', owner: `${n}`, signal: stop.signal }),
  );
  const winner = await Promise.race(racers);
  stop.abort();
  const results = await Promise.allSettled(racers);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  await winner[Symbol.asyncDispose]();
});

test('acquireLease() does not wait for a dead predecessor of the same home', async () => {
  await using database = await leaseDatabase();
  await using dead = await acquireLease(database, {
    name: 'q',
    owner: 'a',
    home: 'h',
    duration: 1_000,
  });
  await using next = await acquireLease(database, { name: 'q', owner: 'b', home: 'h' });
  expect(next.fence.epoch).toBe(2);
  await vi.waitFor(() => expect(dead.lost.aborted).toBe(true), 2_000);
});

test('Lease renews itself for as long as it is kept', async () => {
  await using database = await leaseDatabase();
  await using lease = await acquireLease(database, { name: 'q', owner: 'a', duration: 200 });
  const stop = AbortSignal.timeout(700);
  await expect(acquireLease(database, { name: 'q', owner: 'b', signal: stop })).rejects.toThrow(
    'aborted',
  );
  expect([lease.isHeld, lease.lost.aborted]).toEqual([true, false]);
});

test('Lease is in doubt by its own monotonic clock before the database lets it expire', async () => {
  await using database = await leaseDatabase();
  const clock = new ManualClock();
  await using lease = await acquireLease(database, {
    name: 'q',
    owner: 'a',
    duration: 60_000,
    clock,
  });
  clock.jump(1e12); // the wall clock is not asked
  clock.advance(47_999);
  expect(lease.isHeld).toBe(true);
  clock.advance(1);
  expect(lease.isHeld).toBe(false);
});

test('Lease that expired while nobody else wanted it goes on with the same epoch', async () => {
  await using database = await leaseDatabase();
  await using lease = await acquireLease(database, { name: 'q', owner: 'a', duration: 400 });
  await expire(database);
  await sleep(250);
  expect([lease.isHeld, lease.lost.aborted]).toEqual([true, false]);
});

test('Lease that cannot be renewed tells of its doubt, and of its end; who waits for certainty gets it', async () => {
  await using direct = await leaseDatabase();
  await using proxy = await openDatabaseProxy(direct.url);
  await using database = await openDatabase({ url: proxy.url, name: 'test' });
  await using lease = await acquireLease(database, { name: 'q', owner: 'a', duration: 500 });
  const told: boolean[] = [];
  using watch = lease.onDoubt((isDoubtful) => void told.push(isDoubtful));
  expect(watch).toBeDefined();
  await lease.sure();
  proxy.cut();
  await vi.waitFor(() => expect(told).toEqual([true]), 5_000);
  const certain = lease.sure();
  proxy.restore();
  await certain;
  await vi.waitFor(() => expect(told).toEqual([true, false]), 5_000);
  expect(lease.isHeld).toBe(true);

  proxy.cut();
  await vi.waitFor(() => expect(told).toEqual([true, false, true]), 5_000);
  await using next = await acquireLease(direct, { name: 'q', owner: 'b' });
  setTimeout(() => proxy.restore(), 50);
  await expect(lease.sure()).rejects.toThrow('it is lost');
  expect([told.length, next.isHeld]).toEqual([3, true]);
});

test('a zombie finds its batch refused whole after a takeover', async () => {
  await using database = await leaseDatabase();
  await prepareJournal(database, 'shop');
  await database.query({ text: 'create table shop.notes (text text)' });
  const write = async (
    tx: { query: TestDatabase['query'] },
    changes: readonly string[],
  ): Promise<void> => {
    await tx.query({ text: 'insert into shop.notes select unnest($1::text[])', values: [changes] });
  };
  const open = (fence: { lease: string; owner: string; epoch: number }) =>
    openJournal<string, string>(database, { schema: 'shop', stream: 's', write, fence });
  const note = (text: string, changes: readonly string[]) => ({
    changes,
    events: [{ at: 0, body: text }],
  });

  await using old = await acquireLease(database, { name: 'q', owner: 'old', duration: 60_000 });
  await using zombie = await open(old.fence);
  await zombie.append(note('old 1', ['old 1']));
  await expire(database);
  await using next = await acquireLease(database, { name: 'q', owner: 'new' });
  await using journal = await open(next.fence);
  // With changes and without: two ways into the table, the same fence.
  const refused = await Promise.allSettled([
    zombie.append(note('old 2', ['old 2'])),
    zombie.append(note('old 3', [])),
  ]);
  for (const result of refused) {
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(FencedError) });
  }
  await journal.append(note('new 1', ['new 1']));
  await journal.append(note('new 2', []));
  expect(
    await database.query({ text: 'select position, body from shop.journal order by position' }),
  ).toEqual([
    { position: 1, body: 'old 1' },
    { position: 2, body: 'new 1' },
    { position: 3, body: 'new 2' },
  ]);
  expect(await database.query({ text: 'select text from shop.notes' })).toEqual([
    { text: 'old 1' },
    { text: 'new 1' },
  ]);
});

test('a zombie without changes is refused by the fence in its one statement', async () => {
  await using database = await leaseDatabase();
  await prepareJournal(database, 'shop');
  await using old = await acquireLease(database, { name: 'q', owner: 'old', duration: 60_000 });
  await using zombie = await openJournal<never, string>(database, {
    schema: 'shop',
    stream: 's',
    write: () => Promise.resolve(),
    fence: old.fence,
  });
  await expire(database);
  await using next = await acquireLease(database, { name: 'q', owner: 'new' });
  expect(next.fence.epoch).toBe(2);
  const write = zombie.append({ changes: [], events: [{ at: 0, body: 'old' }] });
  await expect(write).rejects.toThrow(FencedError);
  expect(await database.query({ text: 'select * from shop.journal' })).toEqual([]);
});
