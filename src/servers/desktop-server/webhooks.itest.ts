import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, ConversationId, EntryPointId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import type { Delivery } from './api/administration.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { DirectorDouble } from './testing/director-double.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';
import { WebhookReceiver } from './testing/webhook-receiver.ts';

let database: TestDatabase;
let receiver: WebhookReceiver;
let director: DirectorDouble;
let messaging: FakeMessagingStore;
let configuration: Awaited<ReturnType<typeof fakeConfigurationServer>>;
let server: TestDesktopServer;

beforeEach(async () => {
  database = await testDatabase();
  receiver = new WebhookReceiver();
  await receiver.start();
  director = new DirectorDouble();
  messaging = new FakeMessagingStore(['website']);
  configuration = await fakeConfigurationServer({ documents: SMALL_CENTRE });
  server = await start();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const start = (settings: Readonly<Record<string, unknown>> = {}): Promise<TestDesktopServer> =>
  startTestDesktopServer({
    database,
    configuration,
    messaging,
    director,
    settings: { 'webhook-private-targets': true, ...settings },
  });

async function addWebhook(id: string, body: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await server.configuration.call.put({
    kind: 'webhook',
    id,
    body: { name: id, url: receiver.url, events: ['work-item.*'], ...body },
    by: 'test',
  });
  await expect
    .poll(() => database.query({ text: `select 1 from desktop.webhooks where webhook = '${id}'` }))
    .toHaveLength(1);
}

async function administrator(): Promise<ApiCaller> {
  const agent = AgentId.parse('admin');
  await server.configuration.call.setPassword({ agent, password: PASSWORD, by: 'test' });
  const caller = new ApiCaller(server.url);
  await caller.send('POST', '/session', { login: 'admin', password: PASSWORD });
  return caller;
}

async function deliveries(webhook: string): Promise<readonly Delivery[]> {
  const caller = await administrator();
  const { body } = await caller.send('GET', `/webhooks/${webhook}/deliveries`);
  return (body as { deliveries: Delivery[] }).deliveries;
}

test('events go to a receiver, signed as Standard Webhooks describe', async () => {
  await addWebhook('crm');
  const item = director.enter('sales');
  director.give(item, 'agent-1');
  await expect
    .poll(() => receiver.types().toSorted())
    .toEqual(
      [
        'work-item.entered',
        'work-item.offered',
        'work-item.offer-ended',
        'work-item.accepted',
      ].toSorted(),
    );
  const { secret } = await server.configuration.call.webhookSecret({ webhook: 'crm' });
  for (const { id, timestamp, signature, body } of receiver.received) {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const expected = createHmac('sha256', key)
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(Math.abs(Date.now() / 1_000 - timestamp)).toBeLessThan(60);
  }
  expect(receiver.received.find(({ event }) => event.type === 'work-item.entered')).toMatchObject({
    event: { data: { item, queue: 'sales' } },
  });
});

test('a message’s text is sent, and kept nowhere but in its store', async () => {
  await addWebhook('archive', { events: ['conversation.message-posted'] });
  const gateway = connectInProcess(simpleMessagingMediaStore, messaging, {
    role: 'web-chat-gateway',
  });
  await gateway.call.open({
    conversation: ConversationId.parse(newId()),
    entryPoint: EntryPointId.parse('website'),
    channel: 'web-chat',
    customerName: 'Customer 1',
    offline: false,
    message: { id: 'c1', text: 'My secret' },
  });
  await expect.poll(() => receiver.types()).toEqual(['conversation.message-posted']);
  expect(receiver.received[0]?.event.data).toMatchObject({ message: { text: 'My secret' } });
  const rows = await database.query({ text: 'select d::text from desktop.deliveries d' });
  expect(JSON.stringify(rows)).not.toContain('My secret');
});

test('what cannot be delivered is tried again, under the same id, also after a restart', async () => {
  await addWebhook('crm', { events: ['work-item.entered'] });
  await receiver.stop();
  director.enter('sales');
  await expect.poll(async () => (await deliveries('crm'))[0]?.tries).toBe(1);
  expect(server.health.get('webhook crm')).toMatchObject({ state: 'degraded' });
  await server[Symbol.asyncDispose]();
  director.enter('sales'); // while the desktop server is down
  receiver.answer = (_request, response) =>
    void response.writeHead(receiver.received.length === 1 ? 503 : 200).end();
  await receiver.start();
  server = await start();
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  await expect
    .poll(async () => (await deliveries('crm')).map(({ state }) => state), { timeout: 20_000 })
    .toEqual(['delivered', 'delivered']);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2);
  expect(server.health.get('webhook crm')).toMatchObject({ state: 'good' });
});

test('a receiver that hangs, or babbles, holds up neither others nor itself for ever', async () => {
  await addWebhook('hanging', { url: `${receiver.url}?hanging` });
  await addWebhook('well');
  receiver.answer = (request, response) => {
    if (!request.url?.includes('hanging'))
      return void response.writeHead(200).end('x'.repeat(200_000));
    response.writeHead(200);
    response.write('and so on'); // and never an end
  };
  director.close(director.enter('sales'));
  await expect
    .poll(async () => (await deliveries('well')).map(({ state }) => state))
    .toEqual(['delivered', 'delivered']);
  expect((await deliveries('hanging')).map(({ state }) => state)).toContain('waiting');
});

test('redirects are not followed', async () => {
  await addWebhook('crm', { events: ['work-item.entered'] });
  receiver.answer = (_request, response) =>
    void response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end();
  director.enter('sales');
  await expect.poll(async () => (await deliveries('crm'))[0]?.lastStatus).toBe('HTTP 302');
  expect(receiver.received).toHaveLength(1);
});

test('targets of this machine and of private networks are refused unless a setting allows them', async () => {
  await server[Symbol.asyncDispose]();
  server = await start({ 'webhook-private-targets': false });
  const { port } = new URL(receiver.url);
  const targets = [
    receiver.url,
    `https://localhost:${port}/`,
    `https://127.0.0.1:${port}/`,
    `https://[::1]:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/',
  ];
  for (const [index, url] of targets.entries()) await addWebhook(`hook-${index}`, { url });
  director.enter('sales');
  for (const index of targets.keys()) {
    await expect
      .poll(async () => (await deliveries(`hook-${index}`))[0]?.lastStatus)
      .toMatch(/only https is allowed|is not on the public internet/);
  }
  expect(receiver.received).toEqual([]);
});

test('what was sent can be sent again from a cursor', async () => {
  await addWebhook('crm', { events: ['work-item.entered'] });
  for (let entered = 0; entered < 3; entered++) director.enter('sales');
  await expect.poll(() => receiver.received.length).toBe(3);
  const caller = await administrator();
  const { body } = await caller.send('GET', '/webhooks/crm/deliveries');
  expect(body).toMatchObject({
    cursor: 3,
    deliveries: [{ position: 3 }, { position: 2 }, { position: 1 }],
  });
  expect(await caller.outcome('POST', '/webhooks/crm/replay', { since: 1 })).toBe('200');
  await expect.poll(() => receiver.received.length).toBe(5);
  const ids = receiver.received.map(({ id }) => id);
  expect(ids.slice(3).toSorted()).toEqual(ids.slice(1, 3).toSorted());
  expect(await caller.outcome('POST', '/webhooks/none/replay', { since: 0 })).toBe(
    '404 unknown-document',
  );
});

test('a receiver that is gone for good is given up, until somebody changes the webhook', async () => {
  await addWebhook('crm', { events: ['work-item.entered'] });
  receiver.answer = (_request, response) => void response.writeHead(410).end();
  director.enter('sales');
  await expect.poll(() => server.health.get('webhook crm')?.detail ?? '').toContain('Given up');
  director.enter('sales');
  receiver.answer = (_request, response) => void response.writeHead(200).end();
  await addWebhook('crm', { name: 'CRM', events: ['work-item.entered'] });
  await expect.poll(() => receiver.received.length).toBe(2);
  await expect.poll(() => server.health.get('webhook crm')?.state).toBe('good');
});

test('a webhook that is switched off goes on where it stopped; one that is retired is forgotten', async () => {
  await addWebhook('crm', { events: ['work-item.entered'] });
  await addWebhook('crm', { events: ['work-item.entered'], enabled: false });
  await addWebhook('other', { events: ['work-item.entered'] });
  director.enter('sales');
  await expect.poll(() => receiver.received.length).toBe(1);
  expect(await deliveries('crm')).toEqual([]);
  await addWebhook('crm', { events: ['work-item.entered'] });
  await expect.poll(() => receiver.received.length).toBe(2);
  await server.configuration.call.retire({ kind: 'webhook', id: 'crm', retired: true, by: 'test' });
  await expect
    .poll(() => database.query({ text: 'select webhook from desktop.webhooks' }))
    .toEqual([{ webhook: 'other' }]);
});

test('of two desktop servers one sends, and the other takes over', async () => {
  await addWebhook('crm', { events: ['work-item.entered'] });
  const other = await start();
  director.enter('sales');
  await expect.poll(() => receiver.received.length).toBe(1);
  await server[Symbol.asyncDispose]();
  director.enter('sales');
  await expect.poll(() => receiver.received.length).toBe(2);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2);
  server = other;
});
