/** Several people on one contact, through the API: who may do what, and who sees it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import {
  AgentId,
  ConversationId,
  EntryPointId,
  InteractionId,
  QueueId,
  WorkItemId,
} from '#domain/ids.ts';
import type { Participant } from '#domain/work-item/open-work-item.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { type FakeMediaDirector, fakeMediaDirector } from '#servers/media-director/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE, storedCentre } from './testing/documents.ts';
import { EventFollower } from './testing/event-follower.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

let database: TestDatabase;
let director: FakeMediaDirector;
let messaging: FakeMessagingStore;
let server: TestDesktopServer;
/** Agent 1 serves sales; agent 2 serves another queue; the boss supervises and is no agent. */
let one: ApiCaller;
let two: ApiCaller;
let boss: ApiCaller;
/** A chat of sales that agent 1 has. */
let item: WorkItemId;
let conversation: ConversationId;

beforeAll(async () => {
  database = await testDatabase();
  director = fakeMediaDirector({
    documents: storedCentre(),
  });
  messaging = new FakeMessagingStore(['website']);
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging,
    director: director.implementation,
  });
  [one, two, boss] = [await signIn('agent-1'), await signIn('agent-2'), await signIn('boss')];
  await one.send('POST', '/me/log-in', { station: 'desk 1' });
  await one.send('PUT', '/me/readiness', { state: 'ready' });
  await two.send('POST', '/me/log-in', { station: 'desk 2' });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await director[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

beforeEach(async () => {
  const store = connectInProcess(mediaDirector, director.implementation, {
    role: 'simple-messaging-media-store',
  });
  if (item) await store.call.forceClose({ item, by: AgentId.parse('system') });
  item = WorkItemId.parse(newId());
  conversation = ConversationId.parse(newId());
  await store.call.submit({
    item: {
      id: item,
      conversation,
      interaction: InteractionId.parse(newId()),
      channel: 'web-chat',
      queue: QueueId.parse('sales'),
      enteredAt: Date.now(),
    },
  });
  await one.send('POST', `/work-items/${item}/accept`, { offer: await offered() });
});

async function signIn(login: string): Promise<ApiCaller> {
  const agent = AgentId.parse(login);
  await server.configuration.call.setPassword({ agent, password: PASSWORD, by: 'test' });
  const caller = new ApiCaller(server.url);
  await caller.send('POST', '/session', { login, password: PASSWORD });
  return caller;
}

/** Waits until the item is offered. @returns The offer's token. */
async function offered(): Promise<number> {
  const find = () =>
    director.journal.flatMap(({ body }) =>
      body.type === 'work-item-offered' && body.item === item ? [body.offer] : [],
    );
  await expect.poll(find).toHaveLength(1);
  return find()[0] ?? 0;
}

/** Whether the caller finds the item in the list. */
async function sees(caller: ApiCaller): Promise<boolean> {
  const { body } = await caller.send('GET', '/work-items');
  return (body as { items: { id: WorkItemId }[] }).items.some(({ id }) => id === item);
}

async function invite(): Promise<number> {
  const { body } = await one.send('POST', `/work-items/${item}/participants`, {
    colleague: 'agent-2',
    role: 'consulted',
  });
  return (body as Participant).invitation ?? 0;
}

const answer = (invitation: number, given: 'accept' | 'decline') =>
  two.outcome('POST', `/work-items/${item}/invitation`, { invitation, answer: given });

test('R13: who is asked sees it from then on, and who has left sees it no more', async () => {
  using desk = new EventFollower(server.url, two.headers);
  await desk.follow(['work']);
  expect(await sees(two)).toBe(false);
  const invitation = await invite();
  await desk.until((f) => f.type === 'work' && f.record.body.type === 'participant-invited');
  expect(desk.items()).toEqual([`${item}:accepted`]);
  expect(await answer(invitation, 'accept')).toBe('200');
  expect(await answer(invitation, 'accept')).toBe('200');
  expect(await two.outcome('POST', `/work-items/${item}/leave`)).toBe('200');
  await expect.poll(() => desk.items()).toEqual([]);
  expect(await sees(two)).toBe(false);
  expect(await sees(one)).toBe(true);
});

test('what is not theirs to do is refused by a code that says why', async () => {
  const path = `/work-items/${item}`;
  expect(
    await two.outcome('POST', `${path}/participants`, { colleague: 'agent-1', role: 'consulted' }),
  ).toBe('403 not-yours');
  expect(await two.outcome('POST', `${path}/join`, { role: 'monitor' })).toBe('403 forbidden');
  const invitation = await invite();
  expect(await answer(invitation + 1, 'accept')).toBe('409 invitation-over');
  expect(await answer(invitation, 'accept')).toBe('200');
  const toSpeak = { role: 'conferee' };
  expect(await two.outcome('PUT', `${path}/participants/agent-2`, toSpeak)).toBe('403 not-yours');
  expect(await one.outcome('PUT', `${path}/participants/agent-2`, toSpeak)).toBe('200');
  expect(await two.outcome('DELETE', `${path}/participants/agent-2`)).toBe('403 not-yours');
  expect(await one.outcome('DELETE', `${path}/participants/agent-2`)).toBe('200');
  expect(await one.outcome('POST', `${path}/split`, { to: newId() })).toBe('409 live-contact');
  expect(await one.outcome('POST', `${path}/merge`, { into: item })).toBe('409 cannot-merge');
  expect(await one.outcome('POST', `${path}/reorder`, { priority: 1 })).toBe('403 forbidden');
});

test('a supervisor who is no agent logs in and listens; logged out nobody does', async () => {
  const join = () => boss.outcome('POST', `/work-items/${item}/join`, { role: 'monitor' });
  expect(await join()).toBe('409 not-logged-in');
  expect(await boss.outcome('POST', '/me/log-in', { station: 'board' })).toBe('200');
  expect(await join()).toBe('200');
  expect(
    await boss.outcome('PUT', `/work-items/${item}/participants/boss`, { role: 'coach' }),
  ).toBe('200');
  expect(await boss.outcome('POST', `/work-items/${item}/leave`)).toBe('200');
});

test('who only listens adds no note; who coaches does', async () => {
  await messaging.methods.open(
    {
      conversation,
      entryPoint: EntryPointId.parse('website'),
      channel: 'web-chat',
      customerName: '',
      offline: false,
      message: { id: 'm1', text: 'Hello' },
    },
    { role: 'web-chat-gateway', signal: new AbortController().signal },
  );
  await boss.send('POST', '/me/log-in', { station: 'board' });
  await boss.send('POST', `/work-items/${item}/join`, { role: 'monitor' });
  const note = () =>
    boss.outcome('POST', `/conversations/${conversation}/notes`, {
      id: newId(),
      note: 'Well done',
    });
  await expect.poll(note).toBe('403 forbidden');
  await boss.send('PUT', `/work-items/${item}/participants/boss`, { role: 'coach' });
  await expect.poll(note).toBe('200');
  await boss.send('POST', `/work-items/${item}/leave`);
});

test('many work items: each is done or refused for itself, and the answer names every one', async () => {
  const gone = newId();
  const { body } = await boss.send('POST', '/work-items/many', {
    items: [{ item: gone }, { item }],
    what: { type: 'reorder', priority: 0 },
  });
  expect(body).toEqual({
    outcomes: [
      { item: gone, outcome: 'unknown-item', message: expect.any(String) },
      { item, outcome: 'done' },
    ],
  });
  expect(
    await one.outcome('POST', '/work-items/many', {
      items: [{ item }],
      what: { type: 'forceClose' },
    }),
  ).toBe('403 forbidden');
});
