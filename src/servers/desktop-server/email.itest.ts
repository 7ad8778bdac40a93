/** Who may read and write which e-mails. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, type ConversationId, SegmentId, type WorkItemId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeEmailStore } from '#servers/email-media-store/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

let database: TestDatabase;
let server: TestDesktopServer;
let store: FakeEmailStore;
let seller: ApiCaller;
let supporter: ApiCaller;

beforeEach(async () => {
  database = await testDatabase();
  store = new FakeEmailStore();
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging: new FakeMessagingStore(['website']),
    mail: store,
  });
  [seller, supporter] = [await signIn('agent-1'), await signIn('agent-2')];
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function signIn(login: string): Promise<ApiCaller> {
  const agent = AgentId.parse(login);
  await server.configuration.call.setPassword({ agent, password: PASSWORD, by: 'test' });
  const caller = new ApiCaller(server.url);
  await caller.send('POST', '/session', { login, password: PASSWORD });
  return caller;
}

/** A mail that comes in. */
async function brought(subject: string) {
  const email = store.bring({ from: `${newId()}@customer.example`, subject, text: 'Order' });
  const { found } = await search(seller, subject);
  const conversation = found[0]?.conversation;
  if (!conversation) throw new Error(`"${subject}" is not found`);
  return { email, conversation };
}

/** Its work item, in a queue; resolves once those who do not serve that are kept out. */
async function entered(
  conversation: ConversationId,
  queue: 'sales' | 'support',
): Promise<WorkItemId> {
  const item = server.director.enter(queue, { conversation, channel: 'email' });
  const other = queue === 'sales' ? supporter : seller;
  const path = `/email-conversations/${conversation}`;
  await expect.poll(() => other.outcome('GET', path)).toBe('403 forbidden');
  return item;
}

interface Page {
  found: { conversation: ConversationId; subject: string }[];
  more: boolean;
  next?: { at: number; email: string };
}

async function search(caller: ApiCaller, text: string, more = ''): Promise<Page> {
  const { body } = await caller.send('GET', `/emails?text=${text}${more}`);
  return body as Page;
}

test('who may not read a conversation reads it under no id that it ever had', async () => {
  const first = await brought('first');
  const { conversation: head } = await brought('second');
  await entered(head, 'sales');
  store.merge(first.conversation, head);
  const path = `/email-conversations/${first.conversation}`;
  const asked = [
    ['GET', path],
    ['GET', `${path}/emails/${first.email}/html`],
    ['GET', `${path}/emails/${first.email}/page`],
    ['GET', `${path}/emails/${first.email}/original`],
    ['POST', `${path}/notes`, { id: 'n', note: 'Seen' }],
    ['POST', `${path}/drafts`, { id: newId(), kind: 'reply' }],
  ] as const;
  const outcomes = (caller: ApiCaller) =>
    Promise.all(asked.map(([method, at, body]) => caller.outcome(method, at, body)));
  expect(await outcomes(supporter)).toEqual(asked.map(() => '403 forbidden'));
  expect(await outcomes(seller)).not.toContain('403 forbidden');
});

test('nobody begins an e-mail in a conversation of others, or in the name of a queue they do not serve', async () => {
  const { conversation } = await brought('first');
  await entered(conversation, 'sales');
  const compose = (caller: ApiCaller, wish: object) =>
    caller.outcome('POST', '/drafts', {
      id: newId(),
      conversation: newId(),
      interaction: newId(),
      mailbox: 'support',
      ...wish,
    });
  const notPlayed = '503 busy'; // the guards have let it pass to the store, which is a fake
  expect(await compose(supporter, { conversation })).toBe('403 forbidden');
  expect(await compose(seller, { conversation })).toBe(notPlayed);
  expect(await compose(supporter, { queue: 'sales' })).toBe('403 forbidden');
  expect(await compose(supporter, { queue: 'support' })).toBe(notPlayed);
});

test('who only listens sends nothing once more', async () => {
  const { conversation, email } = await brought('first');
  const item = await entered(conversation, 'support');
  const agent = AgentId.parse('agent-1');
  const about = { item, agent, role: 'monitor' } as const;
  server.director.tell(
    { type: 'participant-invited', ...about, by: agent, invitation: 1, deadline: Date.now() },
    { type: 'participant-joined', ...about, segment: SegmentId.parse(newId()) },
  );
  const path = `/email-conversations/${conversation}`;
  await expect.poll(() => seller.outcome('GET', path)).toBe('200');
  const retry = `${path}/emails/${email}/retry`;
  expect(await seller.outcome('POST', retry)).toBe('403 forbidden');
  expect(await supporter.outcome('POST', retry)).toBe('503 busy');
});

test('a search goes on behind what its caller may not see', async () => {
  const mine = await brought('oldest');
  for (const subject of ['one', 'two', 'three']) {
    await entered((await brought(subject)).conversation, 'sales');
  }
  const newest = await brought('newest');
  const first = await search(supporter, 'order', '&limit=1');
  expect(first).toMatchObject({ found: [{ conversation: newest.conversation }], more: true });
  const { at, email } = first.next ?? {};
  const second = await search(supporter, 'order', `&limit=1&beforeAt=${at}&beforeEmail=${email}`);
  expect(second).toEqual({ found: [expect.objectContaining(mine)], more: false });
  expect((await search(seller, 'order')).found).toHaveLength(5);
});
