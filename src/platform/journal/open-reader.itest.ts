import { expect, test, vi } from 'vitest';
import { openDatabaseBus } from '#platform/bus/database-bus.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { openJournal } from './open-journal.ts';
import { openJournalReader } from './open-reader.ts';
import { prepareJournal } from './prepare-journal.ts';

test('openJournalReader() follows what another process writes, and misses nothing when its session breaks', async () => {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  await prepareJournal(database, 'shop');
  const other = life.use(await openDatabase({ url: database.url, name: 'reader' }));
  const stream = { schema: 'shop', stream: 's' };
  const journal = life.use(
    await openJournal<never, number>(database, {
      ...stream,
      write: () => Promise.resolve(),
      bus: life.use(await openDatabaseBus(database)),
    }),
  );
  const append = (n: number) => journal.append({ changes: [], events: [{ at: 0, body: n }] });
  await append(1);
  const reader = life.use(
    await openJournalReader<number>(other, life.use(await openDatabaseBus(other)), stream),
  );
  expect(reader.position).toBe(1);
  const read: number[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const { body } of reader.follow(0, stop.signal)) read.push(body);
  })();
  await append(2);
  await vi.waitFor(() => expect(read).toEqual([1, 2]), 2_000);
  await database.query({
    text: `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name = 'reader listener'`,
  });
  await Promise.all(Array.from({ length: 100 }, (_, n) => append(n + 3)));
  await vi.waitFor(() => expect(read).toHaveLength(102), 10_000);
  expect(read).toEqual(Array.from({ length: 102 }, (_, n) => n + 1));
  stop.abort();
  await reading;
});
