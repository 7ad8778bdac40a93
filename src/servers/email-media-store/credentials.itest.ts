import { expect, test } from 'vitest';
import { systemClock } from '#base/time.ts';
import { MailboxId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { Credentials } from './credentials.ts';
import { Secrets } from './secrets.ts';
import { MIGRATIONS, SCHEMA } from './tables/schema.ts';
import { SecretTables } from './tables/secret-tables.ts';

/** Seals nothing: what is sealed is another's test. */
const OPEN = {
  seal: (text: string): string => text,
  open: (sealed: string): string => sealed,
  derive: (): Buffer => Buffer.alloc(32, 7),
};

test('Credentials.of() shows for sending what is kept for it, and once that is forgotten what is kept for receiving', async () => {
  await using database = await testDatabase();
  await database.migrate(SCHEMA, MIGRATIONS);
  const tables = new SecretTables(database);
  const secrets = new Secrets({ key: OPEN, tables, clock: systemClock });
  using credentials = new Credentials(secrets, systemClock);
  const mailbox = MailboxId.parse('support');
  const shown = async (use: 'receive' | 'send'): Promise<unknown> => {
    const found = await credentials.of(mailbox, use, { type: 'password', user: 'support' });
    return found.type === 'password' ? found.password : found.type;
  };
  const told: string[] = [];
  using life = new DisposableStack();
  life.use(secrets.onSet((of, use) => void told.push(`${of} ${use}`)));

  await secrets.set({ mailbox, use: 'receive', kind: 'password' }, 'one', 'test');
  expect(await shown('send')).toBe('one');
  await secrets.set({ mailbox, use: 'send', kind: 'password' }, 'other', 'test');
  expect([await shown('receive'), await shown('send')]).toEqual(['one', 'other']);
  await secrets.forget(mailbox, 'send');
  await secrets.forget(mailbox, 'send');
  expect([await shown('receive'), await shown('send')]).toEqual(['one', 'one']);
  expect((await secrets.of(mailbox)).map(({ use }) => use)).toEqual(['receive']);
  expect(told).toEqual(['support receive', 'support send', 'support send', 'support send']);
});
