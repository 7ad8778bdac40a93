/** What customers and programs send that is too much, too large, twice, or not what it seems. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { MESSAGE_BYTES } from '#domain/message.ts';
import type { Message } from '#domain/message.ts';
import { EmceeRefusal } from '../../examples/emcee.ts';
import { Agent, GOOD_BYE } from './agent.ts';
import { readAll } from './conversations.ts';
import { QUEUE, startCentre } from './start-centre.ts';
import type { Centre } from './start-centre.ts';
import { Visitor } from './visitor.ts';
import { ask, handshake, webSocket } from './wires.ts';

const HTML = '<img src=x onerror="alert(1)"><script>alert(2)</script>&amp;';

let centre: Centre;
let agent: Agent;

beforeAll(async () => {
  // as many as a person needs: then fewer make a flood
  centre = await startCentre({ words: ['--set', 'desktop-server.requests-per-second=50'] });
  agent = new Agent(centre, 'agent-1');
  await agent.start();
}, 120_000);
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
  await centre[Symbol.asyncDispose]();
});

/** The refusal's status, code and sentence. */
async function refusal(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof EmceeRefusal)) throw error;
      return [error.status, error.code, error.message];
    },
  );
}

/** A conversation that the agent has answered once. */
async function talk(): Promise<Visitor> {
  const visitor = new Visitor(centre.url);
  await visitor.write('Hello');
  await visitor.until(() => visitor.texts.includes('agent: Re: Hello'));
  return visitor;
}

test('a message over 32 kB is refused to customer and agent in one sentence; one of 32 kB goes through', async () => {
  using visitor = await talk();
  const most = 'é'.repeat(MESSAGE_BYTES / 2);
  await expect(visitor.write(`${most}x`)).rejects.toThrow(
    'too-long: A message may have at most 32 kB',
  );
  await visitor.write(most);
  const path = `/conversations/${visitor.conversation}/messages`;
  const post = (text: string) => centre.as('agent-1').call('POST', path, { id: newId(), text });
  expect(await refusal(post(`${most}x`))).toEqual([
    400,
    'bad-request',
    'Cannot accept "text" of the body: a message has at most 32768 bytes',
  ]);
  await post(most);
  await visitor.until(() => visitor.texts.includes(`agent: ${most}`));
  const stored = await readAll(centre, visitor.conversation);
  expect(stored.filter(({ text }) => text.includes('x'))).toEqual([]);
});

test('a frame or a body over any measure is refused, and nothing else suffers', async () => {
  using visitor = await talk();
  const before = visitor.frames.length;
  visitor.say({ type: 'message', id: 'large', text: 'x'.repeat(300_000) });
  await visitor.next('welcome', before); // it was disconnected and came back
  await visitor.write('Still here');
  const far = { port: centre.portOf('desktop-http') };
  const headers = {
    authorization: `Bearer ${centre.token}`,
    'emcee-agent': 'agent-1',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ id: 'x', text: 'x'.repeat(2 * 1024 * 1024) });
  const path = `/api/v1/conversations/${visitor.conversation}/messages`;
  const answer = await ask(far, path, headers, 'POST', body);
  expect([answer.status, JSON.parse(answer.text)]).toEqual([
    413,
    { error: { code: 'too-large', message: expect.any(String) } },
  ]);
});

test('HTML is text: kept and told as it was written, never as a page', async () => {
  using visitor = await talk();
  const { number } = await visitor.write(HTML);
  await visitor.until(() => visitor.texts.includes(`agent: Re: ${HTML}`));
  const stored = await readAll(centre, visitor.conversation);
  expect(stored[number - 1]?.text).toBe(HTML);
  const answer = await ask(
    { port: centre.portOf('desktop-http') },
    `/api/v1/conversations/${visitor.conversation}`,
    { authorization: `Bearer ${centre.token}` },
  );
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
});

test('M03: what is sent twice is stored once: by customer, by agent, as a task', async () => {
  using visitor = await talk();
  const acks = await Promise.all([
    visitor.write('Only once', 'same'),
    (async () => {
      visitor.say({ type: 'message', id: 'same', text: 'Only once' });
      visitor.breakOff(); // the acknowledgement may be lost: it says it again by itself
      return visitor.until(() => visitor.acknowledged.get('same'));
    })(),
  ]);
  visitor.say({ type: 'message', id: 'same', text: 'Only once' });
  expect(acks[0].number).toBe(acks[1]);

  const api = centre.as('agent-1');
  const path = `/conversations/${visitor.conversation}/messages`;
  const post = () => api.call<Message>('POST', path, { id: 'answer', text: 'And this' });
  const posted = await Promise.all([post(), post(), post()]);
  expect(new Set(posted.map(({ number }) => number)).size).toBe(1);
  const count = (stored: Message[], wanted: string): number =>
    stored.filter(({ text }) => text === wanted).length;
  const stored = await readAll(centre, visitor.conversation);
  expect([count(stored, 'Only once'), count(stored, 'And this')]).toEqual([1, 1]);

  const id = newId();
  const create = () =>
    centre.api.call<{ workItem: string }>('POST', '/work-items', {
      id,
      queue: QUEUE,
      task: { title: 'Call back' },
    });
  const tasks = await Promise.all([create(), create(), create()]);
  expect(new Set(tasks.map(({ workItem }) => workItem)).size).toBe(1);
});

test('a flood of messages from one visitor is slowed and told so; nothing acknowledged is lost', async () => {
  using visitor = await talk();
  const from = visitor.frames.length;
  const writing = Array.from({ length: 15 }, (_, at) => visitor.write(`Flood ${at}`));
  expect(await visitor.next('refused', from)).toMatchObject({
    code: 'too-fast',
    message: expect.stringMatching(/^You are sending too fast: wait \d+ s$/),
    retryAfter: expect.any(Number),
  });
  await Promise.all(writing); // patience is all it takes
  await visitor.write(GOOD_BYE);
  await visitor.until(() => visitor.ended);
  const stored = await readAll(centre, visitor.conversation);
  const flood = stored.filter(({ text }) => text.startsWith('Flood')).map(({ text }) => text);
  expect(flood.toSorted()).toEqual(writing.map((_, at) => `Flood ${at}`).toSorted());
});

test('a flood of requests is limited and told when to come again', async () => {
  const far = { port: centre.portOf('desktop-http') };
  const headers = { authorization: `Bearer ${centre.token}` };
  const answers = await Promise.all(
    Array.from({ length: 700 }, () => ask(far, '/api/v1/session', headers)),
  );
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(50);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  expect(limited[0]).toMatchObject({ headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
  expect(JSON.parse(limited[0]?.text ?? '')).toMatchObject({
    error: { code: 'too-many-requests', message: expect.any(String) },
  });
});

test('a flood of passwords is slowed', async () => {
  const far = { port: centre.portOf('desktop-http') };
  const headers = { origin: centre.url, 'content-type': 'application/json' };
  const guess = JSON.stringify({ login: 'admin', password: 'not the right one' });
  const statuses: number[] = [];
  for (let count = 0; count < 15; count++) {
    statuses.push((await ask(far, '/api/v1/session', headers, 'POST', guess)).status);
  }
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

test('a flood of conversations and of connections from one address is limited and told so', async () => {
  const far = { port: centre.portOf('desktop-http') };
  const visitors = Array.from({ length: 30 }, () => new Visitor(centre.url));
  for (const visitor of visitors) visitor.write('Me too').catch(() => undefined);
  const refused = (): number =>
    visitors.filter(({ frames }) =>
      frames.some((frame) => frame.type === 'refused' && frame.code === 'too-fast'),
    ).length;
  await expect.poll(refused).toBeGreaterThan(0);
  const connects: string[] = [];
  for (let count = 0; count < 150; count++) {
    connects.push(await handshake(far, '/chat/socket', { origin: centre.url }));
  }
  expect(connects.at(-1)).toBe('429');
  for (const visitor of visitors) visitor[Symbol.dispose]();
  // strangers of one address are no reason to keep programs out
  const socket = webSocket(far, '/api/v1/events', { authorization: `Bearer ${centre.token}` });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.terminate();
});
