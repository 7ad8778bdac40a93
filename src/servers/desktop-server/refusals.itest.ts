import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import type { ApiError } from './api/common.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

let database: TestDatabase;
let server: TestDesktopServer;
let admin: ApiCaller;

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging: new FakeMessagingStore(['website']),
  });
  for (const id of ['admin', 'agent-1']) {
    const agent = AgentId.parse(id);
    await server.configuration.call.setPassword({ agent, password: PASSWORD, by: 'test' });
  }
  admin = await signIn('admin');
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function signIn(login: string): Promise<ApiCaller> {
  const caller = new ApiCaller(server.url);
  expect(await caller.outcome('POST', '/session', { login, password: PASSWORD })).toBe('200');
  return caller;
}

async function refusal(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await admin.send(method, path, body);
  return { status: answer.status, ...(answer.body as ApiError).error };
}

/** A request whose path and host go out as they are written. */
function raw(path: string, host?: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof raw>>>();
  const headers = host === undefined ? {} : { host };
  request({ hostname, port, path, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => (text += part));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
  })
    .on('error', reject)
    .end();
  return promise;
}

test('whoever climbs out of the folder of files finds nothing, and leaves no fault', async () => {
  const paths = [
    '/assets/../../package.json',
    '/../package.json',
    '/assets/..%2f..%2fpackage.json',
  ];
  const answers = await Promise.all(paths.map((path) => raw(path)));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  expect(server.traced.filter((line) => line.startsWith('fault'))).toEqual([]);
});

test.each(['/api', '/api/nope', '/api/v1', '/api/v1/nope', '/api/v2/session?x=1'])(
  'GET %s is the API’s own 404, not a page',
  async (path) => {
    const { status, text } = await raw(path);
    expect([status, JSON.parse(text)]).toEqual([
      404,
      { error: { code: 'not-found', message: `There is no GET ${path.replace(/\?.*/, '')}` } },
    ]);
  },
);

test('a host that is not ours is told which setting names ours', async () => {
  const { status, text } = await raw('/', 'evil.example');
  expect([status, text]).toEqual([421, expect.stringContaining('setting desktop-server.hosts')]);
});

test('a supervisor is told of an agent who does not exist, or is not logged in', async () => {
  const forced = (agent: string) =>
    Promise.all([
      admin.outcome('POST', `/agents/${agent}/log-out`),
      admin.outcome('PUT', `/agents/${agent}/readiness`, { state: 'ready' }),
    ]);
  expect(await forced('nobody')).toEqual(['404 unknown-agent', '404 unknown-agent']);
  expect(await forced('agent-1')).toEqual(['409 not-logged-in', '409 not-logged-in']);
  const agent = await signIn('agent-1');
  expect(await agent.outcome('POST', '/me/log-in', { station: 'x' })).toBe('200');
  await expect.poll(() => admin.outcome('POST', '/agents/agent-1/log-out')).toBe('200');
});

test('a password that is too short is invalid, in words that name no method', async () => {
  const problem = 'a password has at least 10 characters';
  expect(await refusal('PUT', '/agents/agent-1/password', { password: 'short' })).toEqual({
    status: 422,
    code: 'invalid',
    message: `Cannot accept "password": ${problem}`,
    data: { problems: [{ path: 'password', problem }] },
  });
});

test.each([
  ['https://0x7f.1/', [], 'url', '"127.0.0.1" is not on the public internet'],
  ['http://crm.example', [], 'url', 'it must begin with https://'],
  ['https://a:b@crm.example', [], 'url', 'it must hold no user name and no password'],
  [
    'https://crm.example',
    ['work-item.closed', '*'],
    'events.1',
    'there is no event "*"; there are',
  ],
])('a webhook to %s for %j is not stored: %s is wrong', async (url, events, path, problem) => {
  const webhook = { name: 'CRM', url, events };
  expect(await refusal('PUT', '/configuration/webhook/crm', webhook)).toMatchObject({
    status: 422,
    code: 'invalid',
    data: { problems: [{ path, problem: expect.stringContaining(problem) }] },
  });
});

test('a field that is misspelt is refused, with those there are', async () => {
  const skill = { name: 'German', consent: 'x' };
  expect(await refusal('PUT', '/configuration/skill/german', skill)).toMatchObject({
    status: 422,
    code: 'invalid',
    data: { problems: [{ path: 'consent' }] },
  });
});

test('figures of no range are told what is missing', async () => {
  expect(await refusal('GET', '/figures?to=2')).toEqual({
    status: 400,
    code: 'bad-request',
    message: 'Cannot accept "from" of the query: it is missing',
    data: { problems: [{ path: 'from', problem: 'it is missing' }] },
  });
});

test('what a readiness or a target has not is refused, not passed over', async () => {
  const id = '01920000-0000-7000-8000-000000000001';
  const target = { queue: 'sales', agent: 'agent-1' };
  const agent = await signIn('agent-1');
  for (const [method, path, body] of [
    ['PUT', '/me/readiness', { state: 'ready', notFor: ['email'] }],
    ['POST', `/work-items/${id}/transfer`, { to: id, target }],
    ['POST', `/work-items/${id}/transfer`, { to: id, target: { queue: 'sales' }, ifRefused: {} }],
  ] as const) {
    expect(await agent.outcome(method, path, body)).toBe('400 bad-request');
  }
});

test('a DELETE with a type and no body is done', async () => {
  const caller = await signIn('agent-1');
  caller.headers['content-type'] = 'application/json';
  expect(await caller.outcome('DELETE', '/session')).toBe('200');
});

test('a task that prefers an agent whom nobody knows is refused, and in no queue', async () => {
  const id = '01936b3c-0000-7000-8000-00000000000a';
  const task = { title: 'Call back' };
  const wanted = { id, queue: 'sales', preferredAgent: 'nobody', task };
  expect(await refusal('POST', '/work-items', wanted)).toMatchObject({
    status: 422,
    code: 'unknown-agent',
    message: 'There is no agent "nobody" to prefer',
  });
});
