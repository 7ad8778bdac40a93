import { afterEach, beforeEach, expect, test } from 'vitest';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { CallFailure } from '#base/call-failure.ts';
import { defineApi } from '#base/http-api.ts';
import { Refusal } from '#base/refusal.ts';
import { systemClock } from '#base/time.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import { invalidParams } from '#platform/rpc/service.ts';
import type { Platform } from '#platform/platform.ts';
import type { Caller } from '../rules/caller.ts';
import { createApp } from './app.ts';
import type { Exchange } from './handlers.ts';
import { registerApi } from './registrar.ts';

const api = defineApi({
  greet: {
    method: 'POST',
    path: '/rooms/{room}/greetings',
    params: z.object({ room: z.string().max(5) }),
    query: z.object({ times: z.coerce.number().int().min(1).default(1) }),
    body: z.object({ name: z.string() }),
    result: z.object({ text: z.string() }),
    roles: ['supervisor'],
    summary: 'Greets.',
    errors: { 'unknown-room': 404 },
  },
  fail: {
    method: 'GET',
    path: '/failures/{kind}',
    params: z.object({ kind: z.string() }),
    result: z.object({}),
    roles: ['nobody-yet'],
    summary: 'Fails.',
    errors: { 'own-code': 418 },
  },
  forget: {
    method: 'DELETE',
    path: '/greetings',
    result: z.object({}),
    roles: ['everybody'],
    summary: 'Forgets.',
  },
  list: {
    method: 'GET',
    path: '/list.csv',
    result: 'text/csv',
    roles: ['everybody'],
    summary: 'Lists.',
  },
  open: {
    method: 'GET',
    path: '/file',
    result: 'file',
    roles: ['everybody'],
    summary: 'Gives a file.',
  },
});

const PASSWORD = 'a password has at least 10 characters';

const FAILURES: Readonly<Record<string, () => unknown>> = {
  own: () => new Refusal('own-code', 'Own', { a: 1 }),
  unlisted: () => new Refusal('secret-code', 'Secret'),
  params: () => new Refusal('invalid-params', 'Bad'),
  issues: () =>
    invalidParams(
      'setPassword',
      z.object({ password: z.string().min(10, PASSWORD) }).safeParse({ password: 'x' }).error,
    ),
  late: () => new CallFailure('timeout', 'Late'),
  away: () => new CallFailure('unavailable', 'Away'),
  inside: () => new CallFailure('internal', 'Failed: see its trace', { reference: 'r1' }),
  database: () => new DatabaseGoneError('gone'),
  wait: () => new Refusal('too-many-requests', 'Wait', { retryAt: Date.now() + 2_500 }),
  bug: () => new TypeError('secret'),
};

let caller: Partial<Caller> | undefined;
const faults: string[] = [];
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  caller = { roles: ['supervisor'] };
  faults.length = 0;
  app = createApp({
    platform: {
      clock: systemClock,
      metrics: new Registry(),
      trace: { fault: (event: string) => void faults.push(event) },
    } as unknown as Platform,
    root: '/api',
    strictTransport: () => false,
  });
  registerApi(
    app,
    api,
    {
      greet: ({ params, query, body }) => {
        if (params.room === 'none') throw new Refusal('unknown-room', 'No such room');
        const text = `${params.room}: ${body.name.repeat(query.times)}`;
        return { text, secret: 'never sent' };
      },
      fail: ({ params }) => {
        throw FAILURES[params.kind]?.();
      },
      forget: () => ({}),
      async *list() {
        yield 'a,b\n';
        yield '1,2\n';
      },
      open: () => ({
        name: 'Grüße "1".png',
        type: 'image/png',
        size: 3,
        inline: false,
        content: (async function* () {
          yield Uint8Array.of(1, 2);
          yield Uint8Array.of(255);
        })(),
      }),
    },
    {
      base: '/api/v1',
      identify: () => Promise.resolve(caller as Caller | undefined),
      exchange: () => ({}) as Exchange,
    },
  );
});

afterEach(() => app.close());

async function greet(url: string, payload?: object | string, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    ...(payload !== undefined && { payload }),
    headers,
  });
  return { status: answer.statusCode, body: answer.json<unknown>() };
}

test('registerApi() validates, calls, and sends only what the route promises', async () => {
  expect(await greet('/rooms/blue/greetings?times=2', { name: 'ho' })).toEqual({
    status: 200,
    body: { text: 'blue: hoho' },
  });
});

test('registerApi() names what is wrong, and where', async () => {
  const problems = await Promise.all([
    greet('/rooms/toolong/greetings', { name: 'x' }),
    greet('/rooms/blue/greetings?times=0', { name: 'x' }),
    greet('/rooms/blue/greetings', { name: 1 }),
    greet('/rooms/blue/greetings'),
    greet('/rooms/blue/greetings', '{', { 'content-type': 'application/json' }),
    greet('/rooms/blue/greetings', 'name=x', { 'content-type': 'text/plain' }),
    greet('/rooms/blue/greetings', '{"__proto__":{}}', { 'content-type': 'application/json' }),
    greet('/rooms/blue/greetings', { name: 'x'.repeat(1024 * 1024) }),
    greet('/rooms/none/greetings', { name: 'x' }),
    greet('/nowhere', { name: 'x' }),
    greet(`/rooms/${'x'.repeat(201)}/greetings`, { name: 'x' }),
    greet('/rooms/%zz/greetings', { name: 'x' }),
    greet('/rooms/%00/greetings', { name: 'x' }),
  ]);
  expect(
    problems.map(
      ({ status, body }) => `${status} ${(body as { error: { code: string } }).error.code}`,
    ),
  ).toEqual([
    '400 bad-request',
    '400 bad-request',
    '400 bad-request',
    '400 bad-request',
    '400 bad-request',
    '415 wrong-media-type',
    '400 bad-request',
    '413 too-large',
    '404 unknown-room',
    '404 not-found',
    '400 bad-request',
    '400 bad-request',
    '400 bad-request',
  ]);
  expect(problems[2]?.body).toMatchObject({
    error: { message: expect.stringContaining('"name" of the body') },
  });
});

test.each<[string, string, object | string | undefined, string, string]>([
  [
    '/rooms/blue/greetings',
    'name',
    {},
    'Cannot accept "name" of the body: it is missing',
    'it is missing',
  ],
  [
    '/rooms/blue/greetings?times=x',
    'times',
    { name: 'x' },
    'Cannot accept "times" of the query: it must be a number',
    'it must be a number',
  ],
  ['/rooms/blue/greetings', '', '{', 'Cannot accept the body: it is no JSON', 'it is no JSON'],
  [
    '/rooms/blue/greetings',
    '',
    '{"name":"x","more":[{"__proto__":{}}]}',
    'Cannot accept the body: no field may be named "__proto__"',
    'no field may be named "__proto__"',
  ],
  [
    '/rooms/blue/greetings',
    '',
    '{"constructor":{"prototype":{}}}',
    'Cannot accept the body: no field "constructor" may hold a "prototype"',
    'no field "constructor" may hold a "prototype"',
  ],
])(
  'registerApi() refuses %s in the one shape, at "%s"',
  async (url, path, body, message, problem) => {
    const json = { 'content-type': 'application/json' };
    expect(await greet(url, body, json)).toEqual({
      status: 400,
      body: { error: { code: 'bad-request', message, data: { problems: [{ path, problem }] } } },
    });
  },
);

test('registerApi() gives the problems that another component finds in its own shape and words', async () => {
  const answer = await app.inject({ url: '/api/v1/failures/issues' });
  const problem = 'a password has at least 10 characters';
  expect(answer.json()).toEqual({
    error: {
      code: 'bad-request',
      message: `Cannot accept "password": ${problem}`,
      data: { problems: [{ path: 'password', problem }] },
    },
  });
});

test('registerApi() lists what is wrong where another component only said it', async () => {
  const answer = await app.inject({ url: '/api/v1/failures/params' });
  const data = { problems: [{ path: '', problem: 'Bad' }] };
  expect(answer.json()).toEqual({ error: { code: 'bad-request', message: 'Bad', data } });
});

test('registerApi() takes an empty body for none, whatever its type says', async () => {
  const headers = { 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'DELETE', url: '/api/v1/greetings', headers });
  expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
});

test('registerApi() asks for a role before it reads a body', async () => {
  caller = { roles: ['agent'] };
  expect(
    await greet('/rooms/blue/greetings', '{', { 'content-type': 'application/json' }),
  ).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  caller = undefined;
  expect((await greet('/rooms/blue/greetings', { name: 'x' })).status).toBe(401);
});

test.each([
  ['own', 418, 'own-code', 0],
  ['unlisted', 500, 'internal', 1],
  ['params', 400, 'bad-request', 0],
  ['late', 504, 'timeout', 0],
  ['away', 503, 'busy', 0],
  ['inside', 500, 'internal', 1],
  ['database', 503, 'busy', 0],
  ['wait', 429, 'too-many-requests', 0],
  ['bug', 500, 'internal', 1],
])('registerApi() answers failure "%s" with %s', async (kind, status, code, traced) => {
  const answer = await app.inject({ url: `/api/v1/failures/${kind}` });
  expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([
    status,
    code,
  ]);
  expect(faults).toHaveLength(traced);
  expect(answer.body).not.toContain('secret');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['retry-after']).toBe(kind === 'wait' ? '3' : undefined);
});

test('registerApi() sends text piece by piece, as a file', async () => {
  const answer = await app.inject({ url: '/api/v1/list.csv' });
  expect(answer.body).toBe('a,b\n1,2\n');
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="list.csv"',
    'x-content-type-options': 'nosniff',
  });
});

test('registerApi() sends bytes as they are, under a name that breaks no header, and lets nothing run', async () => {
  const answer = await app.inject({ url: '/api/v1/file' });
  expect([...answer.rawPayload]).toEqual([1, 2, 255]);
  expect(answer.headers).toMatchObject({
    'content-type': 'image/png',
    'content-length': '3',
    'content-disposition':
      'attachment; filename="Gr__e _1_.png"; filename*=UTF-8\'\'Gr%C3%BC%C3%9Fe%20%221%22.png',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});
