import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { systemClock } from '#base/time.ts';
import { MailboxId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { openSecretKey } from '#platform/installation/secret-key.ts';
import { Credentials } from './credentials.ts';
import { Secrets } from './secrets.ts';
import { SecretTables } from './tables/secret-tables.ts';
import { startIntake } from './testing/test-intake.ts';

vi.setConfig({ testTimeout: 120_000 });

const root = mkdtempSync(join(tmpdir(), 'emcee-secrets-'));
afterAll(() => rmSync(root, { recursive: true }));

/**
 * As our listener hands it over: with fields of its own before it.
 *
 * @yields Pieces of it.
 */
async function* handed(message: string, at: number, cut = 1_000): AsyncGenerator<Buffer, void> {
  const trace = `Return-Path: <customer@example.net>\r\nReceived: from mail.example.net\r\n\tby centre with ESMTP; ${at}\r\n`;
  const bytes = Buffer.from(trace + message);
  for (let from = 0; from < bytes.length; from += cut) yield bytes.subarray(from, from + cut);
}

test('E07: mail that a server brings again, because it did not hear our answer, is kept once', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  const [support, billing] = [MailboxId.parse('support'), MailboxId.parse('billing')];
  const letter = 'Subject: one\r\nMessage-ID: <one@example.net>\r\n\r\nHello';
  await intake.pushed.keep([support, billing], handed(letter, 1));
  await intake.pushed.keep([support], handed(letter, 2, 7));
  const nameless = 'Subject: nameless\r\n\r\nAlarm';
  await intake.pushed.keep([support], handed(nameless, 3));
  await intake.pushed.keep([support], handed(nameless, 4)); // may well be another one
  const large = `Subject: large\r\nDate: Tue, 18 Jun 2019 12:00:00 +0000\r\n\r\n${'long line\r\n'.repeat(200_000)}`;
  for (const at of [5, 6]) await intake.pushed.keep([support], handed(large, at, 65_000));
  await intake.settled(AbortSignal.timeout(60_000));
  const filed = intake.filed.map(({ mail, parsed }) => `${mail.mailbox} ${parsed.subject}`);
  expect(filed.toSorted()).toEqual([
    'billing one',
    'support large',
    'support nameless',
    'support nameless',
    'support one',
  ]);
});

test('mail of a connection that breaks is not kept', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  const broken = async function* (): AsyncGenerator<Buffer, void> {
    yield* handed('Subject: half\r\n\r\n', 1);
    throw new Error('The connection broke');
  };
  const keeping = intake.pushed.keep([MailboxId.parse('support')], broken());
  await expect(keeping).rejects.toThrow('The connection broke');
  await intake.settled(AbortSignal.timeout(60_000));
  expect(intake.filed).toEqual([]);
});

test('addresses find their mailboxes, in any case, while they are switched on and brought mail', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  const brought = { receive: { type: 'smtp' }, aliases: ['help@example.com'] };
  await intake.mailbox('support', brought);
  await intake.mailbox('off', { ...brought, enabled: false });
  await intake.mailbox('other', { receive: { type: 'nothing' } });
  expect(intake.pushed.mailboxesOf('Support@Example.com')).toEqual(['support']);
  expect(intake.pushed.mailboxesOf('HELP@example.com')).toEqual(['support']);
  // where we ask for answers
  expect(intake.pushed.mailboxesOf('Support+tag@example.com')).toEqual(['support']);
  expect(intake.pushed.mailboxesOf('off+tag@example.com')).toEqual([]);
  expect(intake.pushed.mailboxesOf('other@example.com')).toEqual([]);
  expect(intake.collectors.status(MailboxId.parse('support')).state).toBe('good');
});

test('Secrets are sealed at rest, each for its mailbox and use alone', async () => {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  life.use(await startIntake(database));
  const secrets = new Secrets({
    key: openSecretKey(root),
    tables: new SecretTables(database),
    clock: systemClock,
  });
  const credentials = life.use(new Credentials(secrets, systemClock));
  const mailbox = MailboxId.parse('support');
  const signIn = { type: 'password', user: 'support' } as const;
  await expect(credentials.of(mailbox, 'receive', signIn)).rejects.toThrow('No password is kept');
  const changed: string[] = [];
  life.use(secrets.onSet((...what) => void changed.push(what.join(' '))));
  await secrets.set({ mailbox, use: 'receive', kind: 'password' }, 'open sesame', 'admin');
  expect(changed).toEqual(['support receive']);
  const shown = { type: 'password', user: 'support', password: 'open sesame' };
  expect(await credentials.of(mailbox, 'receive', signIn)).toEqual(shown);
  expect(await credentials.of(mailbox, 'send', signIn)).toEqual(shown); // nothing else is kept for it
  expect(await secrets.of(mailbox)).toMatchObject([{ use: 'receive', kind: 'password' }]);
  const [row] = await database.query<{ sealed: string }>({
    text: 'select sealed from email.secrets',
  });
  expect(row?.sealed).not.toContain('sesame');
  await database.query({ text: `update email.secrets set mailbox = 'billing'` });
  const other = credentials.of(MailboxId.parse('billing'), 'receive', signIn);
  await expect(other).rejects.toThrow('Cannot open a sealed');
});
