/** The examples do what their READMEs say, against a real server over the public API. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, CodeId, ConversationId, EntryPointId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { runBot } from '../../../examples/bot-agent/bot-agent.ts';
import { render } from '../../../examples/wallboard/render.ts';
import { runWallboard } from '../../../examples/wallboard/wallboard.ts';
import { SMALL_CENTRE } from './testing/documents.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

const messaging = new FakeMessagingStore(['website']);
const gateway = connectInProcess(simpleMessagingMediaStore, messaging, {
  role: 'web-chat-gateway',
});
const agent = AgentId.parse('agent-1');
let database: TestDatabase;
let server: TestDesktopServer;
let token: string;

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging,
  });
  ({ token } = await server.configuration.call.issueToken({ integration: 'bot', by: 'test' }));
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function openChat(text: string): Promise<ConversationId> {
  const conversation = ConversationId.parse(newId());
  await gateway.call.open({
    conversation,
    entryPoint: EntryPointId.parse('website'),
    channel: 'web-chat',
    customerName: 'Customer 1',
    offline: false,
    message: { id: 'c1', text },
  });
  return conversation;
}

const said = async (conversation: ConversationId): Promise<string[]> => {
  const { messages } = await gateway.call.read({ conversation, since: 0 });
  return messages.map(({ from, text }) => `${from}: ${text.slice(0, 24)}`);
};

test('the bot answers, goes on after it was killed, says nothing twice, and hands over', async () => {
  const conversation = await openChat('When are you open?');
  const item = server.director.enter('sales', { conversation });
  // As the store does when the director's journal says who accepted.
  messaging.own(conversation, agent);
  const options = { url: server.url, token, agent, humans: 'support' };

  const first = new AbortController();
  const running = runBot(options, first.signal);
  await expect.poll(() => server.director.centre.agents.get(agent)?.readiness.state).toBe('ready');
  server.director.offer(item, agent);
  await expect
    .poll(() => said(conversation))
    .toEqual(['customer: When are you open?', 'agent: We are here from Monday ']);
  first.abort();
  await running;

  await gateway.call.post({ conversation, id: 'c2', from: 'customer', text: 'Thanks' });
  const second = new AbortController();
  const again = runBot(options, second.signal);
  await expect
    .poll(async () => (await said(conversation)).slice(2))
    .toEqual(['customer: Thanks', 'agent: You are welcome!']);
  const reason = CodeId.parse('no-answer');
  const readiness = { state: 'not-ready', reason } as const;
  server.director.tell({ type: 'agent-readiness-changed', agent, readiness });
  await expect.poll(() => server.director.centre.agents.get(agent)?.readiness.state).toBe('ready');
  await gateway.call.post({ conversation, id: 'c3', from: 'customer', text: 'A human, please' });
  await expect.poll(() => server.director.centre.items.has(item)).toBe(false);
  expect([...server.director.centre.items.values()].map(({ queue }) => queue)).toEqual(['support']);
  expect((await said(conversation)).at(-1)).toBe('agent: I will get somebody who ');
  second.abort();
  await again;
});

test('the wallboard draws what it can get, and says so when it can get nothing', async () => {
  const board = new AbortController();
  const screens: string[] = [];
  const running = runWallboard(
    { url: server.url, token, show: (screen) => void screens.push(screen) },
    board.signal,
  );
  await expect.poll(() => screens.at(-1)).toMatch(/^No figures: /); // no ids-view in this test
  board.abort();
  await running;
  const names = new Map([['sales', 'Sales']]);
  const queue = {
    queue: 'sales',
    waiting: 2,
    oldestWaitingSince: 1_000,
    withAgents: 1,
    figures: { answered: 7, abandoned: 1, 'service-level': 87.5 },
  };
  const agents = [{ activity: 'busy' }, { activity: 'ready' }, { activity: 'ready' }];
  expect(render({ at: 66_000, queues: [queue], agents }, names).split('\n')).toEqual([
    'Queue  Waiting  Oldest  Talking  Answered  Abandoned  Service level',
    'Sales        2    1:05        1         7          1           88 %',
    '',
    'Agents: 1 busy, 0 wrap-up, 2 ready, 0 not-ready',
  ]);
});
