import { expect, test } from 'vitest';
import { testDatabase } from '#platform/database/testing.ts';
import { Refusal } from '#base/refusal.ts';
import { FencedError } from './journal.ts';
import { openJournal } from './open-journal.ts';
import { prepareJournal } from './prepare-journal.ts';
import type { TestDatabase } from '#platform/database/testing.ts';
import type { Entry, Journal, JournalEvent, JournalOptions } from './journal.ts';

interface Change {
  readonly id: number;
  readonly amount: number;
}
interface Body {
  readonly text: string;
}

const entry = (text: string, ...changes: Change[]): Entry<Change, Body> => ({
  changes,
  events: [{ at: 1_700_000_000_123, body: { text } }],
});

async function prepare(): Promise<{
  database: TestDatabase;
  open: (more?: Partial<JournalOptions<Change>>) => Promise<Journal<Change, Body>>;
  stored: () => Promise<{ position: number; text: string }[]>;
  [Symbol.asyncDispose]: () => Promise<void>;
}> {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  await Promise.all([1, 2, 3].map(() => prepareJournal(database, 'shop')));
  await database.query({
    text: 'create table shop.sums (id int primary key, amount int not null check (amount < 100))',
  });
  const write: JournalOptions<Change>['write'] = async (tx, changes) => {
    await tx.query({
      name: 'sums',
      text: `insert into shop.sums select * from unnest($1::int[], $2::int[])
             on conflict (id) do update set amount = excluded.amount`,
      values: [changes.map((c) => c.id), changes.map((c) => c.amount)],
    });
  };
  const parts = life.move();
  return {
    database,
    open: (more) => openJournal(database, { schema: 'shop', stream: 'sales', write, ...more }),
    stored: () =>
      database.query({
        text: `select position, body->>'text' as text from shop.journal
               where stream = 'sales' order by position`,
      }),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

test('append() numbers events without gaps and keeps them with their changes', async () => {
  await using shop = await prepare();
  await using journal = await shop.open();
  const all = await Promise.all(
    Array.from({ length: 1_200 }, (_, n) =>
      journal.append(entry(`${n}`, { id: n, amount: n % 100 })),
    ),
  );
  expect(all.flat()).toEqual(
    Array.from({ length: 1_200 }, (_, n) => ({
      position: n + 1,
      at: 1_700_000_000_123,
      body: { text: `${n}` },
    })),
  );
  expect(journal.position).toBe(1_200);
  expect(await shop.stored()).toEqual(
    Array.from({ length: 1_200 }, (_, n) => ({ position: n + 1, text: `${n}` })),
  );
  expect(await shop.database.query({ text: 'select count(*) as n from shop.sums' })).toEqual([
    { n: 1_200 },
  ]);
});

test('append() puts what waits into few transactions', async () => {
  await using shop = await prepare();
  let batches = 0;
  await using journal = await shop.open({ write: async () => void batches++, maxBatch: 100 });
  await Promise.all(
    Array.from({ length: 1_000 }, (_, n) => journal.append(entry(`${n}`, { id: n, amount: 0 }))),
  );
  expect(batches).toBe(10);
});

test('append() goes on from where an earlier writer ended, and keeps streams apart', async () => {
  await using shop = await prepare();
  {
    await using journal = await shop.open();
    await journal.append(entry('a'));
  }
  await using other = await shop.open({ stream: 'other' });
  await other.append(entry('x'));
  await using journal = await shop.open();
  expect(await journal.append({ changes: [], events: [] })).toEqual([]);
  expect((await journal.append(entry('b'))).map((event) => event.position)).toEqual([2]);
  expect(await shop.stored()).toEqual([
    { position: 1, text: 'a' },
    { position: 2, text: 'b' },
  ]);
});

test('append() rejects a poison entry alone, whatever poisons it', async () => {
  await using shop = await prepare();
  await using journal = await shop.open();
  const results = await Promise.allSettled([
    journal.append(entry('good 1', { id: 1, amount: 1 })),
    journal.append(entry('too much', { id: 2, amount: 100 })),
    journal.append(entry('good 2', { id: 3, amount: 3 })),
    journal.append(entry('zero \u0000 byte')),
    journal.append(entry('good 3')),
  ]);
  expect(results.map((result) => result.status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(await shop.stored()).toEqual([
    { position: 1, text: 'good 1' },
    { position: 2, text: 'good 2' },
    { position: 3, text: 'good 3' },
  ]);
});

test('append() refuses with `busy` when too much waits, and nothing of it happens', async () => {
  await using shop = await prepare();
  await using journal = await shop.open({ maxWaiting: 10 });
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) => journal.append(entry(`${n}`))),
  );
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.map(({ reason }) => (reason as Refusal).code)).toEqual(['busy', 'busy']);
  expect(await shop.stored()).toHaveLength(10);
});

test('append() finds out when somebody else writes to the stream, and gives up for good', async () => {
  await using shop = await prepare();
  await using first = await shop.open();
  await using second = await shop.open();
  const lost = Array.fromAsync(first.follow(0, new AbortController().signal));
  await second.append(entry('second'));
  await expect(first.append(entry('first'))).rejects.toThrow(FencedError);
  await expect(first.append(entry('first'))).rejects.toThrow(FencedError);
  await expect(lost).rejects.toThrow(FencedError);
  expect(await shop.stored()).toEqual([{ position: 1, text: 'second' }]);
});

test('onDurable() is told each event in order, before append() resolves and after it is stored', async () => {
  await using shop = await prepare();
  await using journal = await shop.open();
  const told: number[] = [];
  const listener = journal.onDurable((event) => {
    expect(journal.position).toBeGreaterThanOrEqual(event.position);
    told.push(event.position);
  });
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const [event] = await journal.append(entry(`${n}`));
      expect(told).toContain(event?.position);
    }),
  );
  listener[Symbol.dispose]();
  await journal.append(entry('unheard'));
  expect(told).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
});

test('dispose writes what waits, ends followers and takes nothing more', async () => {
  await using shop = await prepare();
  const journal = await shop.open();
  const read = Array.fromAsync(journal.follow(0, new AbortController().signal));
  const writes = [journal.append(entry('a')), journal.append(entry('b'))];
  await journal[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
  expect((await Promise.all(writes)).flat()).toHaveLength(2);
  expect(await read).toHaveLength(2);
  await expect(journal.append(entry('c'))).rejects.toThrow('Cannot write to the stream "sales"');
});

test('follow() refuses a cursor that the stream does not reach', async () => {
  await using shop = await prepare();
  await using journal = await shop.open();
  const read = Array.fromAsync(journal.follow(5, new AbortController().signal));
  await expect(read).rejects.toMatchObject({ code: 'unknown-cursor' });
});

test('follow() gives the same events from the table as live', async () => {
  await using shop = await prepare();
  const take = async (journal: Journal<Change, Body>): Promise<JournalEvent<Body>[]> => {
    const stop = new AbortController();
    const events: JournalEvent<Body>[] = [];
    for await (const event of journal.follow(0, stop.signal)) {
      events.push(event);
      if (events.length === 2) stop.abort();
    }
    return events;
  };
  const live = await (async () => {
    await using journal = await shop.open();
    const events = take(journal);
    await journal.append(entry('ü "quoted" \\'));
    await journal.append(entry('\ud83d\ude00'));
    return events;
  })();
  await using journal = await shop.open();
  expect(await take(journal)).toEqual(live);
});
