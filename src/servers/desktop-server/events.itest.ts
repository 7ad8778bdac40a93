import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, ConversationId, EntryPointId, WorkItemId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { type EmailFact, emailMediaStore } from '#servers/email-media-store/contract.ts';
import { FakeEmailStore } from '#servers/email-media-store/fake.ts';
import { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { CLOSE } from './events/event-client.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { EventFollower } from './testing/event-follower.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

/** Few, so that a cursor is soon too old. */
const EVENTS_KEPT = 100;

const messaging = new FakeMessagingStore(['website']);
const mail = new FakeEmailStore();
const mailStore = connectInProcess(emailMediaStore, mail, { role: 'desktop-server' });
const gateway = connectInProcess(simpleMessagingMediaStore, messaging, {
  role: 'web-chat-gateway',
});
let database: TestDatabase;
let server: TestDesktopServer;

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging,
    mail,
    settings: { 'events-kept': EVENTS_KEPT, 'requests-per-second': 1_000 },
  });
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

const followers: EventFollower[] = [];
afterEach(() => {
  for (const follower of followers.splice(0)) follower[Symbol.dispose]();
});

async function signIn(login: string): Promise<{ caller: ApiCaller; events: EventFollower }> {
  const caller = new ApiCaller(server.url);
  await caller.send('POST', '/session', { login, password: PASSWORD });
  const events = new EventFollower(server.url, caller.headers);
  followers.push(events);
  return { caller, events };
}

/** A customer opens a chat; its work item is in `queue`. */
async function openChat(
  queue: string,
  text = 'Hello',
): Promise<{ id: ConversationId; item: WorkItemId }> {
  const id = ConversationId.parse(newId());
  await gateway.call.open({
    conversation: id,
    entryPoint: EntryPointId.parse('website'),
    channel: 'web-chat',
    customerName: 'Customer 1',
    offline: false,
    message: { id: 'c1', text },
  });
  return { id, item: server.director.enter(queue, { conversation: id }) };
}

const say = (conversation: ConversationId, id: string, text: string) =>
  gateway.call.post({ conversation, id, from: 'customer', text });

test('a client gets a snapshot of what it may see, then events in order', async () => {
  const mine = await openChat('sales');
  const others = await openChat('support');
  const { events } = await signIn('agent-1');
  await events.follow();
  expect(events.typesSeen()).toEqual(['snapshot', 'caught-up']);
  expect([...events.centre.items.keys()]).toEqual([mine.item]);
  server.director.give(mine.item, 'agent-1');
  server.director.give(others.item, 'agent-2');
  messaging.own(mine.id, 'agent-1');
  await say(mine.id, 'c2', 'Are you there?');
  const message = await events.until(
    (frame) => frame.type === 'message' && frame.message.id === 'c2',
  );
  expect(message).toMatchObject({ message: { text: 'Are you there?' } });
  const types = events.frames.flatMap((frame) =>
    frame.type === 'work' ? frame.record.body.type : [],
  );
  expect(types).toEqual(['work-item-offered', 'offer-ended', 'work-item-accepted']);
  server.director.close(mine.item);
  server.director.close(others.item);
  await events.until(
    (frame) => frame.type === 'work' && frame.record.body.type === 'segment-ended',
  );
});

test('an item offered from a queue that one does not serve comes into sight first, and leaves it again', async () => {
  const { item } = await openChat('support');
  const { events } = await signIn('agent-1');
  await events.follow();
  expect(events.centre.items.size).toBe(0);
  server.director.offer(item, 'agent-1');
  await events.until((frame) => frame.type === 'item');
  await expect.poll(() => events.items()).toEqual([`${item}:offered`]);
  await server.director.methods.pullBack({ item, by: AgentId.parse('boss') }, {} as never);
  await events.until((frame) => frame.type === 'unseen');
  expect(events.items()).toEqual([]);
  server.director.close(item);
});

test('M01: who comes back with a cursor is told everything it missed, another agent’s reply too', async () => {
  const { id, item } = await openChat('sales');
  const { caller, events } = await signIn('agent-1');
  server.director.give(item, 'agent-1');
  messaging.own(id, 'agent-1');
  await events.follow();
  await events.leave();
  await say(id, 'c2', 'Still there?');
  await caller.send('POST', `/conversations/${id}/messages`, {
    id: 'a1',
    text: 'From another tab',
  });
  const entered = await openChat('sales');
  await expect
    .poll(async () => JSON.stringify((await caller.send('GET', '/work-items')).body))
    .toContain(entered.item);
  await events.follow();
  expect(events.typesSeen()).not.toContain('snapshot');
  expect(
    events.frames.flatMap((frame) => (frame.type === 'message' ? frame.message.id : [])),
  ).toEqual(['c2', 'a1']);
  expect(events.items()).toEqual([`${item}:accepted`, `${entered.item}:queued`].toSorted());
  server.director.close(item);
  server.director.close(entered.item);
});

test('M01: who comes back with a cursor is told of every e-mail it missed, and of no other', async () => {
  const letter = { from: 'customer1@example.org', subject: 'My order', text: 'Where is it?' };
  const { events } = await signIn('agent-1');
  const { events: tab } = await signIn('agent-1');
  await Promise.all([events.follow(), tab.follow()]);
  const first = mail.bring(letter);
  const { found } = await mailStore.call.search({ text: 'order' });
  const id = ConversationId.parse(found[0]?.conversation);
  const item = server.director.enter('sales', { conversation: id, channel: 'email' });
  server.director.give(item, 'agent-1');
  mail.own(id, AgentId.parse('agent-1'));
  await events.until((frame) => frame.type === 'email' && frame.fact.type === 'owner-changed');
  await events.leave();
  const missed = [
    mail.bring({ ...letter, answers: first, text: 'Hello?' }),
    mail.bring({ ...letter, answers: first, text: 'Are you there?' }),
  ];
  mail.bring({ ...letter, from: 'customer2@example.org', subject: 'Something else' });
  const isLast = ({ fact }: { fact: EmailFact }) =>
    fact.type === 'email-filed' && fact.email === missed.at(-1);
  await tab.until((frame) => frame.type === 'email' && isLast(frame));
  await events.follow();
  expect(events.typesSeen()).not.toContain('snapshot');
  expect(
    events.frames.flatMap((frame) =>
      frame.type === 'email' && frame.fact.type === 'email-filed' ? frame.fact.email : [],
    ),
  ).toEqual(missed);
  server.director.close(item);
});

test('M03: a message sent twice by a client on a weak network is stored, and told, once', async () => {
  const { id, item } = await openChat('sales');
  const { caller, events } = await signIn('agent-1');
  server.director.give(item, 'agent-1');
  messaging.own(id, 'agent-1');
  await events.follow();
  const send = () =>
    caller.send('POST', `/conversations/${id}/messages`, { id: 'a1', text: 'Once' });
  const answers = await Promise.all([send(), send(), send()]);
  expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(
    1,
  );
  await say(id, 'c2', 'Thanks');
  await events.until((frame) => frame.type === 'message' && frame.message.id === 'c2');
  expect(
    events.frames.flatMap((frame) => (frame.type === 'message' ? frame.message.id : [])),
  ).toEqual(['a1', 'c2']);
  server.director.close(item);
});

test('M01: a cursor of 24 hours ago gets a snapshot, as does one of the future', async () => {
  const { events } = await signIn('boss');
  await events.follow();
  const old = events.cursor;
  await events.leave();
  for (let busy = 0; busy < EVENTS_KEPT; busy++)
    server.director.close(server.director.enter('sales'));
  const left = server.director.enter('support');
  await events.follow();
  expect(events.typesSeen().slice(0, 2)).toEqual(['snapshot', 'caught-up']);
  expect(events.items()).toEqual([`${left}:queued`]);
  await events.leave();
  events.cursor = { work: (old?.work ?? 0) + 1_000_000, messages: 0 };
  await events.follow();
  expect(events.typesSeen()[0]).toBe('snapshot');
  server.director.close(left);
});

test('S02: whatever a client missed, its list is the server’s list once it has caught up', async () => {
  const { events } = await signIn('agent-1');
  const open: WorkItemId[] = [];
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const actions = [
    () => open.push(server.director.enter(random(2) === 0 ? 'sales' : 'support')),
    () => {
      const item = open[random(open.length)];
      const state = item && server.director.centre.items.get(item)?.state;
      if (item && state === 'queued') server.director.offer(item, `agent-${1 + random(2)}`);
    },
    () => {
      const item = open[random(open.length)];
      if (item)
        void server.director.methods.pullBack({ item, by: AgentId.parse('boss') }, {} as never);
    },
    () => {
      const [item] = open.splice(random(open.length), 1);
      if (item) server.director.close(item);
    },
  ];
  for (let round = 0; round < 30; round++) {
    await events.follow(['work']);
    for (let step = random(20); step > 0; step--) actions[random(actions.length)]?.();
    if (round % 3 === 0) await events.until((frame) => frame.type !== 'snapshot');
    await events.leave();
    for (let step = random(60); step > 0; step--) actions[random(actions.length)]?.();
    await events.follow(['work']);
    const beat = events.frames.findLast((frame) => frame.type === 'caught-up');
    expect(events.items()).toEqual(beat?.items?.toSorted());
    await events.leave();
  }
  for (const item of open) server.director.close(item);
});

test('who serves a queue changes what is in sight at once', async () => {
  const { item } = await openChat('support');
  const { events } = await signIn('agent-1');
  await events.follow(['work', 'configuration']);
  const serve = (agents: string[]) =>
    server.configuration.call.put({
      kind: 'queue',
      id: 'support',
      body: { name: 'support', serves: { type: 'listed', agents } },
      by: 'test',
    });
  await serve(['agent-1', 'agent-2']);
  await events.until((frame) => frame.type === 'configuration');
  await events.until((frame) => frame.type === 'item');
  expect(events.items()).toEqual([`${item}:queued`]);
  await serve(['agent-2']);
  await events.until((frame) => frame.type === 'unseen');
  expect(events.items()).toEqual([]);
  server.director.close(item);
});

test('a supervisor looks on where they ask to; an agent of another queue may not', async () => {
  const { id, item } = await openChat('support', 'A secret');
  const boss = await signIn('boss');
  const agent = await signIn('agent-1');
  const looking = boss.events;
  const prying = agent.events;
  await looking.follow(['messages']);
  await prying.follow(['messages']);
  looking.say({ type: 'watch', conversations: [id] });
  prying.say({ type: 'watch', conversations: [id] });
  expect(await prying.until((frame) => frame.type === 'refused')).toMatchObject({
    code: 'forbidden',
  });
  await say(id, 'c2', 'More');
  await looking.until((frame) => frame.type === 'message' && frame.message.id === 'c2');
  expect(prying.typesSeen()).toEqual(['caught-up', 'refused']);
  expect(await agent.caller.outcome('GET', `/conversations/${id}`)).toBe('403 forbidden');
  expect(await boss.caller.outcome('GET', `/conversations/${id}`)).toBe('200');
  server.director.close(item);
});

test('lists are told a customer’s name, the last words and what is unread', async () => {
  const { id, item } = await openChat('sales', 'First');
  const { events } = await signIn('agent-1');
  await events.follow();
  const summary = (text: string) =>
    events.until((frame) =>
      frame.type === 'summary'
        ? frame.summary.text === text
        : frame.type === 'snapshot' && frame.summaries.some((each) => each.text === text),
    );
  await summary('First');
  await say(id, 'c2', 'Second');
  expect(await summary('Second')).toEqual({
    type: 'summary',
    summary: { item, title: 'Customer 1', text: 'Second', lastFrom: 'customer', unread: 2 },
  });
  server.director.close(item);
});

test('the socket is closed to strangers, to pages of others, and ends with its session', async () => {
  const { caller, events } = await signIn('agent-1');
  const { cookie = '' } = caller.headers;
  const attempt = (headers: Record<string, string>) =>
    new EventFollower(server.url, headers).connect().catch((error: Error) => error.message);
  expect(
    await Promise.all([
      attempt({}),
      attempt({ cookie }),
      attempt({ cookie, origin: 'https://evil.example' }),
      attempt({ cookie: cookie.replace(/.$/, '_'), origin: server.url }),
      attempt({ authorization: 'Bearer nonsense' }),
      attempt({ cookie, origin: server.url, host: 'evil.example' }),
    ]),
  ).toEqual(
    [401, 403, 403, 401, 401, 421].map((status) => `Unexpected server response: ${status}`),
  );
  await events.follow();
  await caller.send('DELETE', '/session');
  expect(await events.untilClosed()).toMatchObject({ code: CLOSE.notSignedIn });
  expect(events.frames.at(-1)).toMatchObject({ type: 'refused', code: 'not-signed-in' });
});

test('a client that does not read is cut off, holds nobody up, and comes back', async () => {
  const { id, item } = await openChat('sales');
  const slow = (await signIn('boss')).events;
  const quick = (await signIn('admin')).events;
  for (const events of [slow, quick]) {
    await events.follow(['messages']);
    events.say({ type: 'watch', conversations: [id] });
    await events.until((frame) => frame.type === 'message');
  }
  slow.socket.pause();
  const cutOff = async () =>
    /reason="too slow"\} (?<count>\d+)/.exec(await server.metrics.metrics())?.groups?.['count'];
  const arrived = (number: number) =>
    quick.until((frame) => frame.type === 'message' && frame.message.id === `flood ${number}`);
  const sent = 1_000; // 30 MB: more than any kernel buffers
  for (let number = 0; number < sent; number++) {
    await say(id, `flood ${number}`, 'x'.repeat(30_000));
    if (number % 20 === 19) await arrived(number);
  }
  await expect.poll(cutOff, { timeout: 5_000 }).toBe('1');
  slow.socket.resume();
  await slow.untilClosed();
  await slow.follow(['messages']);
  expect(slow.typesSeen()).toContain('caught-up');
  server.director.close(item);
});

test('the director hears every few seconds who is there', async () => {
  const { events } = await signIn('agent-2');
  await events.follow();
  await expect
    .poll(() => server.director.presences.at(-1), { timeout: 12_000, interval: 200 })
    .toContain('agent-2');
});

test('who follows is told of a restart, and comes back to the new server', async () => {
  const other = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging,
  });
  const { token } = await other.configuration.call.issueToken({ integration: 'board', by: 'test' });
  using events = new EventFollower(other.url, { authorization: `Bearer ${token}` });
  await events.follow();
  await other[Symbol.asyncDispose]();
  expect(await events.untilClosed()).toEqual({
    code: CLOSE.restart,
    reason: 'the server restarts',
  });
});
