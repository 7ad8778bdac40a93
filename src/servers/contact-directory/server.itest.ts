import { expect, test } from 'vitest';
import { CallFailure } from '#base/call-failure.ts';
import { type Clock, systemClock } from '#base/time.ts';
import type { ContactId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { contactDirectory } from './contract.ts';
import { startContactDirectory } from './server.ts';
import { type DirectoryClients, newContactId } from './testing/asking.ts';
import { directorySuite } from './testing/suite.ts';

async function open(clock: Clock): Promise<DirectoryClients & { readonly database: TestDatabase }> {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const centre = new TestCentre();
  life.use(await startContactDirectory(centre.platform('contact-directory', { database, clock })));
  const running = life.move();
  return {
    database,
    desktop: centre.connect(contactDirectory, 'desktop-server'),
    store: centre.connect(contactDirectory, 'task-media-store'),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

directorySuite('on PostgreSQL', open);

test('connections that break while many new people write make nobody twice', async () => {
  await using clients = await open(systemClock);
  const insist = async (n: number): Promise<ContactId> => {
    const otherwise = newContactId();
    for (;;) {
      try {
        const address = { kind: 'email', value: `customer${n}@example.com` } as const;
        return (await clients.store.call.match({ address, name: '', otherwise })).contact;
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
      }
    }
  };
  const all = Promise.all(Array.from({ length: 120 }, (_, n) => insist(n % 40)));
  for (let cut = 0; cut < 10; cut++) {
    await clients.database
      .query({
        text: `select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()`,
      })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(new Set(await all).size).toBe(40);
  const { total } = await clients.desktop.call.search({ text: 'customer', limit: 1, offset: 0 });
  expect(total).toBe(40);
});
