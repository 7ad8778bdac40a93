import { expect, test, vi } from 'vitest';
import { openDatabase } from '#platform/database/pool.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { busContract } from './bus.contract.ts';
import { openDatabaseBus } from './database-bus.ts';

busContract('openDatabaseBus()', async () => {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const other = life.use(await openDatabase({ url: database.url, name: 'other' }));
  const here = life.use(await openDatabaseBus(database));
  const there = life.use(await openDatabaseBus(other));
  const parts = life.move();
  return { here, there, [Symbol.asyncDispose]: () => parts.disposeAsync() };
});

test('openDatabaseBus() tells subscribers that they may have missed something, and goes on', async () => {
  await using database = await testDatabase();
  await using bus = await openDatabaseBus(database);
  const heard: string[] = [];
  await bus.subscribe('a', { heard: (p) => heard.push(p), missed: () => heard.push('missed') });
  await database.query({
    text: `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name like '%listener'`,
  });
  await vi.waitFor(() => expect(heard).toEqual(['missed']), 5_000);
  bus.publish('a', 'x');
  await vi.waitFor(() => expect(heard).toEqual(['missed', 'x']), 5_000);
});
