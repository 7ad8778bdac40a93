/** What the journal promises while the connection to the database breaks in every way. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { openDatabase } from '#platform/database/pool.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { openDatabaseProxy } from '../../../test/doubles/database-proxy.ts';
import { openJournal } from './open-journal.ts';
import { prepareJournal } from './prepare-journal.ts';
import type { TestDatabase } from '#platform/database/testing.ts';
import type { DatabaseProxy } from '../../../test/doubles/database-proxy.ts';
import type { Journal } from './journal.ts';

interface Body {
  readonly n: number;
  readonly padding: string;
}

interface Sea extends AsyncDisposable {
  /** Straight to the database, whatever the weather. */
  readonly database: TestDatabase;
  readonly proxy: DatabaseProxy;
  readonly journal: Journal<number, Body>;
}

/** A journal whose database lies behind a proxy, and whose changes must each arrive exactly once. */
async function setOut(): Promise<Sea> {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  await prepareJournal(database, 'sea');
  await database.query({ text: 'create table sea.fish (n int primary key, caught int not null)' });
  const proxy = life.use(await openDatabaseProxy(database.url));
  const behind = life.use(await openDatabase({ url: proxy.url, name: 'behind' }));
  const journal = life.use(
    await openJournal<number, Body>(behind, {
      schema: 'sea',
      stream: 's',
      maxBatch: 20,
      write: async (tx, changes) => {
        await tx.query({
          text: `insert into sea.fish select unnest($1::int[]), 1
                 on conflict (n) do update set caught = fish.caught + 1`,
          values: [changes],
        });
      },
    }),
  );
  const parts = life.move();
  return { database, proxy, journal, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

const append = ({ journal }: Sea, n: number, padding = ''): Promise<number | undefined> =>
  journal
    .append({ changes: [n], events: [{ at: n, body: { n, padding } }] })
    .then(([event]) => event?.position);

/** Every event that was acknowledged stands where it was said to, and every change happened once. */
async function expectWhole(
  { database }: Sea,
  positions: readonly (number | undefined)[],
): Promise<void> {
  expect(
    await database.query({
      text: `select position, (body->>'n')::int as n from sea.journal order by position`,
    }),
  ).toEqual(
    positions
      .map((position, n) => ({ position, n }))
      .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0)),
  );
  expect(positions.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(positions.map((_, n) => n + 1));
  expect(
    await database.query({ text: 'select count(*) as fish, max(caught) as most from sea.fish' }),
  ).toEqual([{ fish: positions.length, most: 1 }]);
}

test('append() waits while the database is gone, and everything resumes by itself', async () => {
  await using sea = await setOut();
  const first = await append(sea, 0);
  sea.proxy.cut();
  const rest = Array.from({ length: 100 }, (_, n) => append(sea, n + 1));
  await sleep(500);
  expect(sea.journal.position).toBe(1);
  sea.proxy.restore();
  await expectWhole(sea, [first, ...(await Promise.all(rest))]);
});

test('append() does not repeat a commit whose answer was lost', async () => {
  await using sea = await setOut();
  const positions: (number | undefined)[] = [await append(sea, 0)];
  for (let round = 0; round < 5; round++) {
    sea.proxy.loseAnswers('commit');
    const waiting = Array.from({ length: 10 }, (_, n) => append(sea, positions.length + n));
    await vi.waitFor(async () => {
      const rows = await sea.database.query({ text: 'select from sea.journal' });
      expect(rows).toHaveLength(positions.length + waiting.length); // they happened, and nobody knows
    });
    sea.proxy.restore();
    positions.push(...(await Promise.all(waiting)));
  }
  await expectWhole(sea, positions);
});

test('append() without changes, one statement, does not repeat one whose answer was lost', async () => {
  await using sea = await setOut();
  await append(sea, 0);
  sea.proxy.loseAnswers('insert');
  const lost = sea.journal.append({
    changes: [],
    events: [{ at: 1, body: { n: 1, padding: '' } }],
  });
  await vi.waitFor(async () => {
    expect(await sea.database.query({ text: 'select from sea.journal' })).toHaveLength(2);
  });
  sea.proxy.restore();
  expect((await lost).map((event) => event.position)).toEqual([2]);
  expect(await sea.database.query({ text: 'select from sea.journal' })).toHaveLength(2);
});

test('follow() misses nothing and doubles nothing: any followers, any slowness, any weather', async () => {
  const follower = fc.record({
    since: fc.integer({ min: 0, max: 100 }),
    /** Stops and follows anew from its last cursor after so many events. */
    stint: fc.integer({ min: 1, max: 1_000 }),
    /** Sleeps after each so many events. */
    nap: fc.constantFrom(0, 1, 10, 100),
  });
  const weather = fc.array(fc.constantFrom('cut', 'commit', 'begin', 'insert'), {
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(follower, { minLength: 1, maxLength: 6 }),
      weather,
      async (followers, storms) => {
        await using sea = await setOut();
        const events = 2_000;
        const positions = await Promise.all(Array.from({ length: 100 }, (_, n) => append(sea, n)));
        const readings = followers.map(async ({ since, stint, nap }) => {
          const read: number[] = [];
          let cursor = since;
          while (cursor < events) {
            const stop = new AbortController();
            let left = stint;
            for await (const event of sea.journal.follow(cursor, stop.signal)) {
              read.push(event.position);
              cursor = event.position;
              if (nap > 0 && cursor % nap === 0) await sleep(1);
              if (--left === 0 || cursor === events) stop.abort();
            }
          }
          return read;
        });
        // Large enough that a slow follower falls out of memory and back to the table.
        const padding = 'x'.repeat(6_000);
        const writing = Promise.all(
          Array.from({ length: events - 100 }, (_, n) => append(sea, 100 + n, padding)),
        );
        for (const storm of storms) {
          await sleep(30);
          if (storm === 'cut') sea.proxy.cut();
          else sea.proxy.loseAnswers(storm);
          await sleep(30);
          sea.proxy.restore();
        }
        positions.push(...(await writing));
        await expectWhole(sea, positions);
        for (const [index, read] of (await Promise.all(readings)).entries()) {
          const since = followers[index]?.since ?? 0;
          expect(read).toEqual(Array.from({ length: events - since }, (_, n) => since + n + 1));
        }
      },
    ),
    { numRuns: process.env['EMCEE_SOAK'] ? 100 : 4 },
  );
}, 600_000);
