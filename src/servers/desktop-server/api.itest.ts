import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AgentId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

let database: TestDatabase;
let server: TestDesktopServer;
let visitor: ApiCaller;

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging: new FakeMessagingStore(['website']),
  });
  for (const id of ['admin', 'boss', 'agent-1', 'agent-2']) {
    const agent = AgentId.parse(id);
    await server.configuration.call.setPassword({ agent, password: PASSWORD, by: 'test' });
  }
});

afterAll(async () => {
  console.log(server.traced.filter((t) => !t.startsWith('info')).join('\n'));
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

beforeEach(() => {
  visitor = new ApiCaller(server.url);
});

async function signIn(login: string): Promise<ApiCaller> {
  const caller = new ApiCaller(server.url);
  const { status } = await caller.send('POST', '/session', { login, password: PASSWORD });
  expect(status).toBe(200);
  return caller;
}

test('signing in gives a session that signing out ends everywhere', async () => {
  const caller = await signIn('agent-1');
  const thief = new ApiCaller(server.url, { ...caller.headers });
  expect((await thief.send('GET', '/session')).body).toEqual({
    agent: 'agent-1',
    name: 'agent-1',
    roles: ['agent'],
    channels: ['web-chat', 'task'],
  });
  await caller.send('DELETE', '/session');
  expect(await thief.outcome('GET', '/session')).toBe('401 not-signed-in');
});
