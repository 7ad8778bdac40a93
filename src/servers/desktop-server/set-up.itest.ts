import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

let database: TestDatabase;
let server: TestDesktopServer;
let administrator: ApiCaller;

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer(),
    messaging: new FakeMessagingStore(),
  });
  administrator = new ApiCaller(server.url);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const answers = (token: string, password: string) => ({
  token,
  organisation: { name: 'Test', language: 'en', timeZone: 'UTC' },
  administrator: { name: 'Chief', login: 'admin', password },
  queue: { name: 'Support' },
  agent: { name: 'Agent 1', login: 'agent1', password: 'long enough' },
  greeting: 'Hello!',
});

test('the wizard turns a set-up link into a centre, once, and signs its administrator in', async () => {
  expect((await administrator.send('GET', '/set-up')).body).toEqual({ done: false });
  const { token } = await server.configuration.call.issueLink({ purpose: 'set-up' });
  expect(await administrator.outcome('POST', '/set-up/check', { token: 'x' })).toBe('401 bad-link');
  expect(await administrator.outcome('POST', '/set-up/check', { token })).toBe('200');
  expect(await administrator.outcome('POST', '/set-up', answers(token, 'short'))).toBe(
    '422 invalid',
  );
  expect((await administrator.send('POST', '/set-up', answers(token, 'long enough'))).body).toEqual(
    {
      me: {
        agent: 'admin',
        name: 'Chief',
        roles: ['administrator', 'supervisor'],
        channels: ['web-chat', 'task'],
      },
      entryPoint: 'website',
    },
  );
  expect((await administrator.send('GET', '/session')).body).toMatchObject({ agent: 'admin' });
  expect((await administrator.send('GET', '/set-up')).body).toEqual({ done: true });
  expect(
    await new ApiCaller(server.url).outcome('POST', '/set-up', answers(token, 'long enough')),
  ).toBe('401 bad-link');
});

test('a sign-in link works once', async () => {
  const { body } = await administrator.send('POST', '/agents/agent1/sign-in-link');
  const { url } = body as { url: string };
  const [, token = ''] = /^http:\/\/127\.0\.0\.1:\d+\/#sign-in=(?<token>.+)$/.exec(url) ?? [];
  const agent = new ApiCaller(server.url);
  const link = { token: decodeURIComponent(token) };
  expect((await agent.send('POST', '/session/link', link)).body).toMatchObject({ agent: 'agent1' });
  expect(await agent.outcome('POST', '/session/link', link)).toBe('401 bad-link');
});

test('agents come from CSV; bad rows are named and left out', async () => {
  const csv =
    'login,name,password\nagent2,Agent 2,long enough\nagent3,Agent 3,short\nagent1,Agent One,\nx,,\n';
  const dry = await administrator.send('POST', '/agents/import', { csv, dryRun: true });
  expect(dry.body).toMatchObject({ created: 2, changed: 1 });
  const done = (await administrator.send('POST', '/agents/import', { csv })).body;
  expect(done).toMatchObject({
    created: 1,
    changed: 1,
    problems: [{ line: 3 }, { line: 5 }],
  });
  const agent = new ApiCaller(server.url);
  const credentials = { login: 'agent2', password: 'long enough' };
  expect(await agent.outcome('POST', '/session', credentials)).toBe('200');
  const names = (await agent.send('GET', '/configuration/agent')).body as {
    documents: { id: string; body: { name: string } }[];
  };
  expect(names.documents.map(({ body }) => body.name)).toContain('Agent One');
});

test('agents go out as CSV, with attributes and without passwords, and come back as they were', async () => {
  const csv = 'login,name,attributes,budget\nagent4,Agent 4,site:berlin,200\n';
  await administrator.send('POST', '/agents/import', { csv });
  const text = String((await administrator.send('GET', '/agents.csv')).body);
  const [header, ...rows] = text.trim().split('\n');
  expect(header).toBe('id,login,name,email,roles,skills,attributes,channels,budget');
  expect(rows).toContain('agent4,agent4,Agent 4,,agent,,site:berlin,web-chat:3 task:1,200');
  const again = await administrator.send('POST', '/agents/import', { csv: text, dryRun: true });
  expect(again.body).toEqual({ created: 0, changed: rows.length, problems: [] });
});

test('desktop settings are one’s own', async () => {
  await administrator.send('PUT', '/me/settings', { values: { 'sound.volume': 3 } });
  const { body } = await administrator.send('GET', '/me/settings');
  expect(body).toEqual({ values: { 'sound.volume': { value: 3, scope: 'agent:admin' } } });
});
