import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EmailId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { type Mood, MoodySmtp, type TakenMail } from '../../../../test/doubles/moody-smtp.ts';
import { MIGRATIONS, SCHEMA } from '../tables/schema.ts';
import { OutboxTables } from '../tables/outbox.ts';
import { until } from '../testing/until.ts';

const PROCESS = new URL('../../../../test/doubles/mail-sending-process.ts', import.meta.url);

async function start() {
  await using life = new AsyncDisposableStack();
  const smtp = life.use(await MoodySmtp.start());
  const database = life.use(await testDatabase());
  await database.migrate(SCHEMA, MIGRATIONS);
  const directory = await mkdtemp(join(tmpdir(), 'emcee-sending-'));
  life.defer(() => rm(directory, { recursive: true }));
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  life.defer(kill);
  const running = life.move();
  return {
    smtp,
    outbox: new OutboxTables(database),
    kill,
    /** Starts the store; resolves with what it has handed in, once that is so many. */
    run: async (letters: number): Promise<EmailId[]> => {
      const given = [database.url, directory, String(smtp.port), String(letters)];
      child = fork(PROCESS, given, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      const emails: EmailId[] = [];
      child.on('message', (id) => emails.push(id as EmailId));
      await until(() => emails.length === letters || child?.signalCode !== null);
      return emails;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const recipientOf = ({ to }: TakenMail): string => to[0] ?? '';

test('M05: kill -9 between the server’s yes and our note of it: sent once more, and it is said', async () => {
  await using all = await start();
  const { smtp, outbox, kill, run } = all;
  let kills = 0;
  smtp.message = async (): Promise<Mood> => {
    if (kills++ === 0) await kill(); // it has the whole message, and its yes finds nobody
    return 'takes';
  };
  const [email] = await run(1);
  await until(() => kills > 0);
  const [first] = await outbox.unended();
  expect(first).toMatchObject({ state: 'sending', inDoubt: true });
  await run(0);
  const row = await until(async () => {
    const now = await outbox.row(first?.email ?? email ?? ('' as EmailId));
    return now?.state === 'sent' && now;
  });
  expect(row).toMatchObject({ perhapsTwice: true, doubts: 1 });
  const messages = smtp.mails.map(({ message }) => message);
  expect(messages).toHaveLength(2);
  expect(new Set(messages).size).toBe(1);
});

test('M05: kill -9 before the message is with the server: sent once, and nothing is said', async () => {
  await using all = await start();
  const { smtp, outbox, kill, run } = all;
  let kills = 0;
  smtp.recipient = () => {
    if (kills++ === 0) void kill();
    return 'takes';
  };
  // it is killed while its answer to this is on its way, at the latest
  const holds = Promise.withResolvers<Mood>();
  smtp.message = () => (smtp.mails.length === 1 && kills === 1 ? holds.promise : 'takes');
  await run(1);
  await until(() => kills > 0);
  await kill();
  holds.resolve('hang-up');
  const [first] = await outbox.unended();
  await run(0);
  const row = await until(async () => {
    const now = first && (await outbox.row(first.email));
    return now?.state === 'sent' && now;
  });
  // whether the last bytes were about to leave was written down before they did
  expect(row.perhapsTwice).toBe(first?.inDoubt);
  expect(smtp.mails.map(recipientOf).length).toBeLessThanOrEqual(first?.inDoubt ? 2 : 1);
});

test('M05: killed again and again, every letter arrives, none more than once without saying so', async () => {
  await using all = await start();
  const { smtp, outbox, kill, run } = all;
  const LETTERS = 30;
  const emails = await run(LETTERS);
  for (const after of [3, 11, 19]) {
    await until(() => smtp.mails.length >= after);
    await kill();
    void run(0);
  }
  const rows = await until(async () => {
    const now = await Promise.all(emails.map((email) => outbox.row(email)));
    return now.every((row) => row?.state === 'sent') && now;
  });
  const times = Map.groupBy(smtp.mails, recipientOf);
  for (const row of rows) {
    const count = times.get(row?.recipients[0]?.address ?? '')?.length ?? 0;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(row?.perhapsTwice ? 2 : 1);
  }
  expect(times.size).toBe(LETTERS);
}, 90_000); // four starts, also on a busy machine
