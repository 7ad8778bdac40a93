/** The API in front of the director's own rules. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, ConversationId, InteractionId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
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
let server: TestDesktopServer;
let agent: ApiCaller;
let boss: ApiCaller;

beforeAll(async () => {
  database = await testDatabase();
  director = fakeMediaDirector({
    documents: storedCentre(),
  });
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging: new FakeMessagingStore(['website']),
    director: director.implementation,
  });
  [agent, boss] = [await signIn('agent-1'), await signIn('boss')];
  await agent.send('POST', '/me/log-in', { station: 'desk 1' });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await director[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function signIn(login: string): Promise<ApiCaller> {
  const id = AgentId.parse(login);
  await server.configuration.call.setPassword({ agent: id, password: PASSWORD, by: 'test' });
  const caller = new ApiCaller(server.url);
  await caller.send('POST', '/session', { login, password: PASSWORD });
  return caller;
}

/** A store puts an item in a queue. */
async function submit(queue: string): Promise<WorkItemId> {
  const store = connectInProcess(mediaDirector, director.implementation, {
    role: 'simple-messaging-media-store',
  });
  const id = WorkItemId.parse(newId());
  await store.call.submit({
    item: {
      id,
      conversation: ConversationId.parse(newId()),
      interaction: InteractionId.parse(newId()),
      channel: 'web-chat',
      queue: QueueId.parse(queue),
      enteredAt: Date.now(),
    },
  });
  return id;
}

const listed = async (caller: ApiCaller, id: WorkItemId): Promise<OpenWorkItem | undefined> => {
  const { body } = await caller.send('GET', '/work-items');
  return (body as { items: OpenWorkItem[] }).items.find((item) => item.id === id);
};

/** Waits until an item is offered. @returns The offer's token. */
async function offered(id: WorkItemId): Promise<number> {
  await expect.poll(async () => (await listed(agent, id))?.state).toBe('offered');
  return (await listed(agent, id))?.offer ?? 0;
}

test('R11: of 100 accepts at once exactly one wins, and 99 are told that it is taken', async () => {
  await agent.send('PUT', '/me/readiness', { state: 'ready' });
  const item = await submit('sales');
  const offer = await offered(item);
  const rival = await signIn('agent-2');
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, at) =>
      (at === 50 ? agent : rival).outcome('POST', `/work-items/${item}/accept`, { offer }),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === '200')).toHaveLength(1);
  expect(outcomes.filter((outcome) => /^(?:403|409) /.test(outcome))).toHaveLength(99);
  expect(director.journal.filter(({ body }) => body.type === 'work-item-accepted')).toHaveLength(1);
  await agent.send('POST', `/work-items/${item}/close`, {});
});

test('a pass from offer to close, as a supervisor watches it live', async () => {
  using watching = new EventFollower(server.url, boss.headers);
  await watching.follow(['work']);
  const item = await submit('sales');
  const offer = await offered(item);
  expect(await agent.outcome('POST', `/work-items/${item}/accept`, { offer })).toBe('200');
  expect(await agent.outcome('POST', `/work-items/${item}/park`, {})).toBe('200');
  expect(await boss.outcome('POST', `/work-items/${item}/force-close`, {})).toBe('200');
  expect(await agent.outcome('POST', `/work-items/${item}/close`, {})).toBe('404 unknown-item');
  await watching.until(
    (frame) => frame.type === 'work' && frame.record.body.type === 'work-item-closed',
  );
  expect(
    watching.frames.flatMap((frame) =>
      frame.type === 'work' && 'item' in frame.record.body ? frame.record.body.type : [],
    ),
  ).toEqual([
    'work-item-entered',
    'work-item-offered',
    'offer-ended',
    'work-item-accepted',
    'segment-ended',
    'work-item-parked',
    'work-item-closed',
  ]);
  expect(watching.items()).toEqual([]);
});

test('P02: a change of one’s state is acknowledged or refused with a reason, and on all screens within a second', async () => {
  using watching = new EventFollower(server.url, boss.headers);
  await watching.follow(['work']);
  expect(
    await agent.outcome('PUT', '/me/readiness', { state: 'not-ready', reason: 'dancing' }),
  ).toBe('422 unknown-code');
  const { body } = await agent.send('PUT', '/me/readiness', { state: 'ready' });
  expect(body).toMatchObject({ readiness: { state: 'ready' } });
  const asked = performance.now();
  await boss.send('POST', '/agents/agent-1/log-out');
  await expect
    .poll(() => watching.centre.agents.has(AgentId.parse('agent-1')), { interval: 5 })
    .toBe(false);
  expect(performance.now() - asked).toBeLessThan(1_000);
});

test('P12: an offer that cannot ring goes on; of its channel comes nothing until the device works', async () => {
  await agent.send('POST', '/me/log-in', { station: 'desk 1', device: 'softphone' });
  await agent.send('PUT', '/me/readiness', { state: 'ready' });
  const item = await submit('sales');
  const offer = await offered(item);
  expect(await agent.outcome('POST', `/work-items/${item}/fail-offer`, { offer })).toBe('200');
  await expect.poll(async () => (await listed(boss, item))?.state).toBe('queued');
  const other = await submit('sales');
  await expect.poll(async () => (await listed(boss, other))?.state).toBe('queued');
  expect(await agent.outcome('PUT', '/me/devices/smoke-signals', {})).toMatch(/^4\d\d /);
  expect(await agent.outcome('PUT', '/me/devices/web-chat', {})).toBe('200');
  await offered(other);
  for (const each of [item, other]) {
    expect(await boss.outcome('POST', `/work-items/${each}/force-close`, {})).toBe('200');
  }
});

test('a contact is awaiting its customer when its owner says so, and nobody else', async () => {
  const item = await submit('sales');
  const offer = await offered(item);
  await agent.send('POST', `/work-items/${item}/accept`, { offer });
  const path = `/work-items/${item}/await-customer`;
  const rival = await signIn('agent-2');
  expect(await rival.outcome('POST', path)).toBe('403 not-yours');
  expect(await agent.outcome('POST', path)).toBe('200');
  expect((await listed(agent, item))?.state).toBe('awaiting-customer');
});
