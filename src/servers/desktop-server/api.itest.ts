import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

let database: TestDatabase;
let server: TestDesktopServer;

const options = async () => ({
  database,
  configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
  messaging: new FakeMessagingStore(['website']),
});

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestDesktopServer(await options());
  await Promise.all(
    ['admin', 'boss', 'agent-1', 'agent-2'].map((id) =>
      server.configuration.call.setPassword({
        agent: AgentId.parse(id),
        password: PASSWORD,
        by: 'test',
      }),
    ),
  );
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function signIn(login: string, at = server): Promise<ApiCaller> {
  const caller = new ApiCaller(at.url);
  expect(await caller.outcome('POST', '/session', { login, password: PASSWORD })).toBe('200');
  return caller;
}

async function program(integration: string, headers = {}): Promise<ApiCaller> {
  const { token } = await server.configuration.call.issueToken({ integration, by: 'test' });
  return new ApiCaller(server.url, { authorization: `Bearer ${token}`, ...headers });
}

/** A request with headers that `fetch` does not let anybody write. */
function raw(
  path: string,
  headers: Record<string, string>,
  url = server.url,
): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof raw>>>();
  requestHttp(`${url}${path}`, { headers, agent: false }, (response) => {
    response.setEncoding('utf8');
    let text = '';
    response.on('data', (part: string) => (text += part));
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
    );
  })
    .on('error', reject)
    .end();
  return promise;
}

test('signing in gives a session that signing out ends, whoever else holds its secret', async () => {
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

test('a session ends when its agent’s password is changed, and when the agent is retired', async () => {
  const administrator = await signIn('admin');
  const agent = await signIn('agent-2');
  await administrator.send('PUT', '/agents/agent-2/password', { password: 'another one' });
  expect(await agent.outcome('GET', '/session')).toBe('401 not-signed-in');
  await administrator.send('PUT', '/agents/agent-2/password', { password: PASSWORD });
  const boss = await signIn('boss');
  const retire = (retired: boolean) =>
    administrator.outcome('POST', '/configuration/agent/boss/retire', { retired });
  expect(await retire(true)).toBe('200');
  expect(await boss.outcome('GET', '/session')).toBe('401 not-signed-in');
  expect(await retire(false)).toBe('200');
});

test('a new sign-in in the same browser ends the session before', async () => {
  const caller = await signIn('agent-1');
  const before = new ApiCaller(server.url, { ...caller.headers });
  await caller.send('POST', '/session', { login: 'boss', password: PASSWORD });
  expect(await before.outcome('GET', '/session')).toBe('401 not-signed-in');
  expect((await caller.send('GET', '/session')).body).toMatchObject({ agent: 'boss' });
});

test('a session’s secret is kept nowhere but in its cookie, and outlives a restart', async () => {
  const caller = await signIn('agent-1');
  const secret = caller.headers['cookie']?.split('=')[1] ?? '';
  expect(secret).toHaveLength(43);
  const rows = await database.query({ text: 'select s::text from desktop.sessions s' });
  expect(JSON.stringify(rows)).not.toContain(secret);
  await using other = await startTestDesktopServer(await options());
  const port = new URL(other.url).port;
  const there = new ApiCaller(other.url, {
    origin: other.url,
    cookie: `emcee-session-${port}=${secret}`,
  });
  expect(await there.outcome('GET', '/session')).toBe('200');
});

test('a change by session is refused to pages of others, and to whoever does not say who it is', async () => {
  const { cookie = '' } = (await signIn('agent-1')).headers;
  const attempts = {
    otherOrigin: { cookie, origin: 'https://evil.example' },
    otherPort: { cookie, origin: 'http://127.0.0.1:1' },
    sandboxed: { cookie, origin: 'null' },
    unsaid: { cookie },
    crossSite: { cookie, origin: server.url, 'sec-fetch-site': 'cross-site' },
  };
  const outcomes = await Promise.all(
    Object.values(attempts).map((headers) =>
      new ApiCaller(server.url, headers).outcome('POST', '/me/log-in', { station: 'x' }),
    ),
  );
  expect(new Set(outcomes)).toEqual(new Set(['403 foreign-origin']));
  const reads = await Promise.all([
    raw('/api/v1/session', { cookie, 'sec-fetch-site': 'same-site' }),
    raw('/api/v1/session', { cookie, origin: 'https://evil.example' }),
    raw('/api/v1/session', { cookie }),
  ]);
  expect(reads.map(({ status }) => status)).toEqual([403, 403, 200]);
  expect(server.director.centre.agents.size).toBe(0);
});

test('a host name that was rebound to our address is not answered', async () => {
  const paths = ['/', '/api/v1/session', '/healthz', '/metrics', '/chat/widget.js'];
  const answers = await Promise.all(paths.map((path) => raw(path, { host: 'evil.example' })));
  expect(answers.map(({ status }) => status)).toEqual([421, 421, 421, 421, 421]);
  expect(server.traced.some((line) => line.includes('request.of-wrong-host'))).toBe(true);
});

test('who may do what is asked before anything else', async () => {
  const agent = await signIn('agent-1');
  const boss = await signIn('boss');
  const board = await program('board');
  const bot = await program('bot', { 'emcee-agent': 'agent-1' });
  const stranger = new ApiCaller(server.url);
  const item = newId();
  expect(
    await Promise.all([
      stranger.outcome('GET', '/centre'),
      agent.outcome('GET', '/centre'),
      boss.outcome('GET', '/centre'),
      board.outcome('GET', '/centre'),
      agent.outcome('PUT', '/configuration/queue/x', { name: 'X' }),
      boss.outcome('PUT', '/configuration/queue/x', { name: 'X' }),
      boss.outcome('POST', `/work-items/${item}/accept`, { offer: 1 }),
      board.outcome('POST', `/work-items/${item}/accept`, { offer: 1 }),
      bot.outcome('POST', `/work-items/${item}/accept`, { offer: 1 }),
      agent.outcome('GET', '/configuration/webhook'),
      agent.outcome('GET', '/configuration/queue'),
    ]),
  ).toEqual([
    '401 not-signed-in',
    '403 forbidden',
    '200',
    '200',
    '403 forbidden',
    '403 forbidden',
    '403 forbidden',
    '403 forbidden',
    '404 unknown-item',
    '403 forbidden',
    '200',
  ]);
});

test('a program acts for whom it may, by a token that counts until a new one is issued', async () => {
  const bot = await program('bot');
  const { authorization = '' } = bot.headers;
  const as = (agent: string, caller = bot) =>
    new ApiCaller(server.url, { ...caller.headers, 'emcee-agent': agent });
  const board = await program('board');
  expect(
    await Promise.all([
      as('agent-1').outcome('GET', '/session'),
      as('boss').outcome('GET', '/session'),
      as('nobody').outcome('GET', '/session'),
      as('agent-1', board).outcome('GET', '/session'),
      new ApiCaller(server.url, { authorization: 'Bearer wrong' }).outcome('GET', '/session'),
      new ApiCaller(server.url, { authorization, origin: 'https://evil.example' }).outcome(
        'GET',
        '/session',
      ),
    ]),
  ).toEqual([
    '200',
    '403 forbidden',
    '403 forbidden',
    '403 forbidden',
    '401 not-signed-in',
    '403 foreign-origin',
  ]);
  const administrator = await signIn('admin');
  await administrator.send('POST', '/integrations/bot/token');
  expect(await bot.outcome('GET', '/session')).toBe('401 not-signed-in');
});

test('guessing passwords from one address is slowed down, whatever the logins', async () => {
  await using guessed = await startTestDesktopServer(await options());
  const caller = new ApiCaller(guessed.url);
  const outcomes: string[] = [];
  for (let guess = 0; guess < 12; guess++) {
    outcomes.push(
      await caller.outcome('POST', '/session', { login: `login${guess}`, password: 'wrong one' }),
    );
  }
  expect(outcomes.slice(0, 10)).toEqual(Array(10).fill('401 wrong-credentials'));
  expect(outcomes.slice(10)).toEqual(Array(2).fill('429 too-many-tries'));
  const { headers } = await caller.send('POST', '/session', { login: 'x', password: 'y' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a flood of requests is told to slow down', async () => {
  await using flooded = await startTestDesktopServer({
    ...(await options()),
    settings: { 'requests-per-second': 1 },
  });
  const caller = new ApiCaller(flooded.url);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => caller.outcome('GET', '/set-up')),
  );
  expect(outcomes.filter((outcome) => outcome === '429 too-many-requests')).toHaveLength(10);
});

test('agents see their own and their queues’ items, supervisors all; who moves what is the director’s word', async () => {
  const agent = await signIn('agent-1');
  const boss = await signIn('boss');
  const theirs = server.director.enter('sales');
  const others = server.director.enter('support');
  const seen = async (caller: ApiCaller) => {
    const { items } = (await caller.send('GET', '/work-items')).body as { items: { id: string }[] };
    return [theirs, others].map((id) => items.some((item) => item.id === id));
  };
  await expect.poll(() => seen(boss)).toEqual([true, true]);
  expect(await seen(agent)).toEqual([true, false]);
  const to = WorkItemId.parse(newId());
  expect(
    await boss.outcome('POST', `/work-items/${others}/transfer`, {
      to,
      target: { queue: 'sales' },
    }),
  ).toBe('200');
  await expect.poll(async () => (await seen(boss))[1]).toBe(false);
  expect(server.director.centre.items.get(to)?.queue).toBe('sales');
});

test('the applications’ answers let nothing in but our own files, with a new nonce each', async () => {
  const { headers } = await raw('/api/v1/set-up', {});
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  expect((await raw('/nothing.js', {})).status).toBe(404);
  expect((await raw('/lab', {})).status).toBe(404);
  expect((await raw('/api/lab/letters', {})).status).toBe(404);
  expect((await raw('/assets/../../package.json', {})).status).toBe(404);
  expect((await raw('/assets/..%2f..%2fpackage.json', {})).status).not.toBe(200);
  expect((await raw('/.hidden', {})).status).toBe(404);
});

test('metrics are for this machine itself and for programs', async () => {
  const bot = await program('bot');
  const { authorization = '' } = bot.headers;
  const answers = await Promise.all([
    raw('/metrics', {}),
    raw('/metrics', { 'x-forwarded-for': '198.51.100.1' }),
    raw('/metrics', { 'x-forwarded-for': '198.51.100.1', authorization }),
    raw('/metrics', { 'sec-fetch-site': 'cross-site' }),
    raw('/healthz', {}),
    raw('/readyz', {}),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 403, 200, 403, 200, 200]);
  expect(answers[0]?.text).toContain('emcee_desktop_server_requests_total');
});

test('the OpenAPI document is there for everybody', async () => {
  const { status, text } = await raw('/api/openapi.json', {});
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.1' });
});

test('over TLS the session’s cookie is for this host alone', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  const body = JSON.stringify({ login: 'agent-1', password: PASSWORD });
  requestHttps(
    `${server.secureUrl}/api/v1/session`,
    {
      method: 'POST',
      ca: server.authority,
      agent: false,
      headers: { 'content-type': 'application/json', origin: server.secureUrl },
    },
    (response) => {
      response.resume();
      resolve(response.headers['set-cookie'] ?? []);
    },
  )
    .on('error', reject)
    .end(body);
  const [cookie] = await promise;
  expect(cookie).toMatch(
    /^__Host-emcee-session=.{43}; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/,
  );
});

test('under its own name over TLS, browsers are told to come over TLS only', async () => {
  await using named = await startTestDesktopServer({
    ...(await options()),
    settings: { 'public-url': 'https://centre.example/', 'trusted-proxies': ['127.0.0.1'] },
  });
  const says = async (headers: Record<string, string>) =>
    (await raw('/healthz', headers, named.url)).headers['strict-transport-security'];
  expect(await says({ host: 'centre.example', 'x-forwarded-proto': 'https' })).toBe(
    'max-age=31536000',
  );
  expect(await says({ host: 'centre.example' })).toBeUndefined();
  expect(await says({ 'x-forwarded-proto': 'https' })).toBeUndefined();
});
