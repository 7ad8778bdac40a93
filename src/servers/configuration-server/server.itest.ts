import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { ManualClock, systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { configurationServer } from './contract.ts';
import { startConfigurationServer } from './server.ts';
import { ADMINISTRATOR, BY, PASSWORD, START, put, setUp } from './testing/asking.ts';
import { configurationSuite } from './testing/suite.ts';

interface Installation extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly directory: string;
}

async function install(): Promise<Installation> {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'emcee-configuration-'));
  life.defer(() => rm(directory, { recursive: true }));
  const database = life.use(await testDatabase());
  const installed = life.move();
  return {
    database,
    directory,
    [Symbol.asyncDispose]: () => installed[Symbol.asyncDispose](),
  };
}

/** A running server as the desktop server sees it. Disposing the client stops the server. */
async function start(
  { database, directory }: Installation,
  clock: Clock = new ManualClock(START),
): Promise<Client<typeof configurationServer>> {
  const centre = new TestCentre();
  const platform = centre.platform('configuration-server', { database, directory, clock });
  const server = await startConfigurationServer(platform);
  const client = centre.connect(configurationServer, 'desktop-server');
  return { ...client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

configurationSuite('on PostgreSQL', async (clock) => {
  const installation = await install();
  const client = await start(installation, clock);
  const stop = async (): Promise<void> => {
    await client[Symbol.asyncDispose]();
    await installation[Symbol.asyncDispose]();
  };
  return { ...client, [Symbol.asyncDispose]: stop };
});

test('everything is there after a restart', async () => {
  await using installation = await install();
  const secrets = async (client: Client<typeof configurationServer>) => ({
    webhook: await client.call.webhookSecret({ webhook: 'crm', renew: false }),
    agent: await client.call.checkPassword({ login: 'agent.1', password: PASSWORD }),
    text: await client.call.exportText({}),
    list: await client.call.list({ retired: true }),
  });
  let before: unknown;
  let token: string;
  {
    await using client = await start(installation);
    await setUp(client);
    await put(client, 'webhook', 'crm', { name: 'CRM', url: 'https://example.com' });
    await put(client, 'integration', 'bot', { name: 'Bot', roles: ['agent'] });
    await client.call.putSettings({ scope: 'everyone', values: { theme: 'dark' }, by: BY });
    ({ token } = await client.call.issueToken({ integration: 'bot', by: BY }));
    before = await secrets(client);
  }
  await using client = await start(installation);
  expect(await secrets(client)).toEqual(before);
  expect(await client.call.checkToken({ token })).toEqual({ integration: 'bot' });
});

test('no secret stands in the database as it is', async () => {
  await using installation = await install();
  await using client = await start(installation);
  await setUp(client);
  await put(client, 'webhook', 'crm', { name: 'CRM', url: 'https://example.com' });
  await put(client, 'integration', 'bot', { name: 'Bot', roles: ['agent'] });
  const link = await client.call.issueLink({ purpose: 'sign-in', agent: ADMINISTRATOR });
  const { token } = await client.call.issueToken({ integration: 'bot', by: BY });
  const { secret } = await client.call.webhookSecret({ webhook: 'crm', renew: false });

  const tables = await installation.database.query<{ name: string }>({
    text: `select table_name as name from information_schema.tables where table_schema = 'configuration'`,
  });
  for (const { name } of tables) {
    const rows = await installation.database.query<{ row: string }>({
      text: `select t::text as row from configuration.${name} t`,
    });
    const all = rows.map(({ row }) => row).join('\n');
    for (const plain of [PASSWORD, link.token, token, secret.slice('whsec_'.length)]) {
      expect(all).not.toContain(plain);
    }
  }
});

test('a number greater than any revision is one that nothing has yet', async () => {
  await using installation = await install();
  await using client = await start(installation);
  await setUp(client);
  const before = Number.MAX_SAFE_INTEGER;
  expect((await client.call.history({ before })).changes).not.toEqual([]);
  expect((await client.call.audit({ before })).acts).not.toEqual([]);
  const end = AbortSignal.timeout(100);
  const since = { since: before, signal: end };
  expect(await Array.fromAsync(client.follow.changes(since))).toEqual([]);
  expect(await Array.fromAsync(client.follow.settings(since))).toEqual([]);
});

test('two servers on one database number one after the other and tell each other', async () => {
  await using installation = await install();
  await using one = await start(installation);
  await using other = await start(installation);
  const end = new AbortController();
  const heard: number[] = [];
  const following = (async () => {
    for await (const { event } of other.follow.changes({ since: 0, signal: end.signal })) {
      heard.push(event.revision);
      if (heard.length === 40) end.abort();
    }
  })();
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      put(n % 2 === 0 ? one : other, 'skill', `skill-${n}`, { name: `Skill ${n}` }, 0),
    ),
  );
  await following;
  expect(heard).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  const list = async (client: Client<typeof configurationServer>) =>
    (await client.call.list({ kind: 'skill', retired: false })).documents.length;
  // Each hears of the other's changes a moment later.
  await expect.poll(async () => [await list(one), await list(other)]).toEqual([40, 40]);
});

test('a set-up that fails half-way leaves nothing behind', async () => {
  await using installation = await install();
  await using client = await start(installation);
  await installation.database.query({
    text: `alter table configuration.passwords add check (agent <> 'agent-1')`,
  });
  await expect(setUp(client)).rejects.toMatchObject({ code: 'internal' });
  const { documents, revision } = await client.call.list({ retired: true });
  expect({ documents, revision }).toEqual({ documents: [], revision: 0 });
  await installation.database.query({
    text: 'alter table configuration.passwords drop constraint passwords_agent_check',
  });
  await setUp(client);
  expect(await client.call.setUpState({})).toEqual({ done: true });
});

test('connections that break under load lose nothing and number nothing twice', async () => {
  await using installation = await install();
  await using client = await start(installation, systemClock);
  const end = new AbortController();
  const heard: number[] = [];
  const following = (async () => {
    for await (const { event } of client.follow.changes({ since: 0, signal: end.signal })) {
      heard.push(event.revision);
      if (heard.length === 60) end.abort();
    }
  })();
  const insist = async (n: number): Promise<void> => {
    for (;;) {
      try {
        await put(client, 'skill', `skill-${n}`, { name: `Skill ${n}` });
        return;
      } catch (error) {
        if (!(error instanceof CallFailure)) throw error;
      }
    }
  };
  const all = Promise.all(Array.from({ length: 60 }, (_, n) => insist(n)));
  for (let cut = 0; cut < 10; cut++) {
    await installation.database
      .query({
        text: `select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()`,
      })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await all;
  await following;
  expect(heard).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  const { documents, revision } = await client.call.list({ kind: 'skill', retired: true });
  expect([documents.length, revision]).toEqual([60, 60]);
});
