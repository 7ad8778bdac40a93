import { describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { minutes } from '#base/time.ts';
import { AgentId, ConversationId, WorkItemId } from '#domain/ids.ts';
import { messagingStoreContract, opening } from './suite.ts';
import { startCentre, until } from './testing/store-centre.ts';

describe('the contract, on PostgreSQL', () => {
  messagingStoreContract(async () => {
    await using life = new AsyncDisposableStack();
    const parts = life.use(await startCentre());
    parts.serveDirector();
    parts.serveDirectory();
    await parts.startStore();
    const { director, gateway, desktop } = parts;
    const released = life.move();
    return {
      gateway,
      desktop,
      accept: async (conversation, agent) => {
        director.accept(await until(() => director.itemOf(conversation)), agent);
      },
      close: async (conversation) =>
        director.close(await until(() => director.itemOf(conversation))),
      [Symbol.asyncDispose]: () => released[Symbol.asyncDispose](),
    };
  });
});

test('open() submits a work item with queue, priority and contact of the customer', async () => {
  await using parts = await startCentre();
  const { director, directory, gateway, head } = parts;
  parts.serveDirector();
  parts.serveDirectory();
  await parts.startStore();
  const contact = directory.know('customer@example.org');
  const given = { ...opening(), customerAddress: 'customer@example.org' };
  await gateway.call.open(given);
  const item = await until(() => director.itemOf(given.conversation));
  expect(item).toMatchObject({
    queue: 'sales',
    priority: 3,
    channel: 'web-chat',
    contact,
    entryPoint: 'web',
  });
  expect(await head(given.conversation)).toMatchObject({ contact, workItem: item.id });
  const { conversations } = await parts.desktop.call.ofContact({ contact, limit: 10 });
  expect(conversations.map((c) => c.id)).toEqual([given.conversation]);
});

test('open() does not wait for a director that is away; it hears of the item when it is back, also after a restart', async () => {
  await using parts = await startCentre();
  const { director, gateway } = parts;
  parts.serveDirectory();
  const before = opening('before the restart');
  const stop = await parts.startStore();
  await gateway.call.open(before);
  await stop();
  await parts.startStore();
  const after = opening('after it');
  await gateway.call.open(after);
  parts.serveDirector();
  await until(() => director.itemOf(before.conversation));
  await until(() => director.itemOf(after.conversation));
  const outbox = () => parts.database.query({ text: 'select * from simple_messaging.outbox' });
  await until(async () => (await outbox()).length === 0);
  expect(director.centre.items.size).toBe(2);
});

test.each(['queue-full', 'queue-closed'] as const)(
  'a chat that the director refuses as %s is kept as a message that was left, also over a restart',
  async (refusal) => {
    await using parts = await startCentre();
    const { director, gateway, head } = parts;
    director.turnsAway.set('sales', refusal);
    parts.serveDirector();
    parts.serveDirectory();
    const stop = await parts.startStore();
    const given = opening('Is anybody there?');
    const { conversation } = given;
    await gateway.call.open(given);
    const item = await until(() => director.itemOf(conversation));
    expect(item).toMatchObject({ offline: true, queue: 'sales' });
    expect(await head(conversation)).toMatchObject({ offline: true, workItem: item.id });
    const events = gateway.follow.events({ since: 0 });
    for await (const { event } of events) if (event.body.type === 'turned-away') break;

    const address = { conversation, customerAddress: 'customer@example.org' };
    await gateway.call.leaveAddress(address);
    await stop();
    await parts.startStore();
    expect(await head(conversation)).toMatchObject({
      offline: true,
      customerName: 'Customer 1',
      customerAddress: 'customer@example.org',
    });
  },
);

test('who leaves an address later is matched with the directory', async () => {
  await using parts = await startCentre();
  const { directory, gateway, head } = parts;
  parts.serveDirectory();
  await parts.startStore();
  const contact = directory.know('customer@example.org');
  const { customerName: _, ...given } = opening();
  await gateway.call.open(given);
  const { conversation } = given;
  await gateway.call.leaveAddress({ conversation, customerAddress: 'customer@example.org' });
  expect(await until(async () => (await head(conversation)).contact)).toBe(contact);
}, 60_000);

test('R01: who comes back is sent to the agent they spoke with last, for a week and not longer', async () => {
  await using parts = await startCentre();
  const { director, directory, gateway, desktop, database } = parts;
  parts.serveDirector();
  parts.serveDirectory();
  await parts.startStore();
  const contact = directory.know('customer@example.org');
  const known = { customerAddress: 'customer@example.org' };
  const openedBy = async (who: object) => {
    const given = { ...opening(), ...who };
    await gateway.call.open(given);
    return until(() => director.itemOf(given.conversation));
  };
  const first = await openedBy({ ...known, visitor: 'browser-1' });
  expect(first).toMatchObject({ preferredAgent: undefined });
  director.accept(first, 'agent-1');
  const agent = AgentId.parse('agent-1');
  const { conversation } = first;
  await desktop.call.post({ conversation, id: 'a1', from: 'agent', agent, text: 'Hello' });
  director.close(first);

  directory.owners.set(contact, AgentId.parse('agent-2'));
  const back = { preferredAgent: agent, accountOwner: 'agent-2' };
  expect(await openedBy(known)).toMatchObject(back);
  expect(await openedBy({ visitor: 'browser-1' })).toMatchObject({ preferredAgent: agent });
  expect(await openedBy({ visitor: 'browser-2' })).toMatchObject({ preferredAgent: undefined });
  await database.query({
    text: `update simple_messaging.conversations set opened_at = opened_at - interval '8 days'`,
  });
  expect(await openedBy(known)).toMatchObject({ preferredAgent: undefined });
});

test('a conversation follows its work item into the queue that it overflows to', async () => {
  await using parts = await startCentre();
  const { director, gateway, head } = parts;
  parts.serveDirector();
  parts.serveDirectory();
  await parts.startStore();
  const given = opening();
  await gateway.call.open(given);
  const item = await until(() => director.itemOf(given.conversation));
  const to = director.transfer(item, 'second', 'overflow');
  await until(async () => (await head(given.conversation)).workItem === to);
  const moved = director.itemOf(given.conversation);
  if (moved) director.accept(moved, 'agent-1');
  expect(await until(async () => (await head(given.conversation)).owner)).toBe('agent-1');
});

test('a directory that is away delays nobody for long, and matches later', async () => {
  await using parts = await startCentre();
  const { director, directory, gateway } = parts;
  parts.serveDirector();
  await parts.startStore();
  const contact = directory.know('customer@example.org');
  const given = { ...opening(), customerAddress: 'customer@example.org' };
  await gateway.call.open(given);
  expect(await until(() => director.itemOf(given.conversation))).toMatchObject({
    contact: undefined,
  });
  parts.serveDirectory();
  const matched = await until(async () => (await parts.head(given.conversation)).contact);
  expect(matched).toBe(contact);
}, 60_000);

test('the conversation follows its work item: owner, requeue, transfer, close', async () => {
  await using parts = await startCentre();
  const { director, gateway, head } = parts;
  parts.serveDirector();
  parts.serveDirectory();
  await parts.startStore();
  const { conversation } = opening();
  await gateway.call.open(opening('Hello', conversation));
  const item = await until(() => director.itemOf(conversation));
  director.accept(item, 'agent-1');
  await until(async () => (await head(conversation)).owner === 'agent-1');
  director.tell({
    type: 'work-item-requeued',
    item: item.id,
    queue: item.queue,
    reason: 'agent-vanished',
  });
  await until(async () => (await head(conversation)).owner === undefined);
  const to = director.transfer(item, 'support');
  await until(async () => (await head(conversation)).workItem === to);
  director.accept(await until(() => director.itemOf(conversation)), 'agent-2');
  await until(async () => (await head(conversation)).owner === 'agent-2');
  director.close(await until(() => director.itemOf(conversation)));
  await until(async () => (await head(conversation)).endedBy === 'agent');
  const { workItem, owner } = await head(conversation);
  expect([workItem, owner]).toEqual([undefined, undefined]);
});

test('an agent who accepted a moment ago may write though the store has not heard of it yet', async () => {
  await using parts = await startCentre();
  const { director, gateway, desktop } = parts;
  parts.serveDirector();
  await parts.startStore();
  const { conversation } = await gateway.call.open(opening());
  const item = await until(() => director.itemOf(conversation.id));
  const agent = AgentId.parse('agent-1');
  const posting = desktop.call.post({
    conversation: conversation.id,
    id: 'a',
    from: 'agent',
    agent,
    text: 'Hi',
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  director.accept(item, 'agent-1');
  expect((await posting).message.number).toBe(2);
});

test('a customer who writes wakes a parked item, and one who ends it while nobody answered abandons it', async () => {
  await using parts = await startCentre();
  const { director, gateway, head } = parts;
  parts.serveDirector();
  await parts.startStore();
  const { conversation } = await gateway.call.open(opening());
  const item = await until(() => director.itemOf(conversation.id));
  director.accept(item, 'agent-1');
  director.tell({ type: 'work-item-parked', item: item.id });
  await until(async () => (await head(conversation.id)).owner === undefined);
  await gateway.call.post({
    conversation: conversation.id,
    id: 'x',
    from: 'customer',
    text: 'back',
  });
  await until(() => director.itemOf(conversation.id)?.state === 'queued');
  await gateway.call.end({ conversation: conversation.id });
  await until(() => director.itemOf(conversation.id) === undefined);
  expect(director.heard.map((line) => line.split(' ')[0])).toEqual([
    'submit',
    'customer-wrote',
    'abandon',
  ]);
  await until(async () => (await head(conversation.id)).workItem === undefined);
  expect(await head(conversation.id)).toMatchObject({ endedBy: 'customer' });
});

test('after a start both sides agree again on what is open', async () => {
  await using parts = await startCentre();
  const { director, gateway, head } = parts;
  parts.serveDirector();
  const ids: ConversationId[] = [];
  const stop = await parts.startStore();
  for (let count = 0; count < 4; count++) {
    const { conversation } = await gateway.call.open(opening());
    await until(() => director.itemOf(conversation.id));
    ids.push(conversation.id);
  }
  await stop();
  const [accepted, closed, moved, lost] = ids as [
    ConversationId,
    ConversationId,
    ConversationId,
    ConversationId,
  ];
  director.accept(await until(() => director.itemOf(accepted)), 'agent-1');
  director.close(await until(() => director.itemOf(closed)), 'forced');
  const to = director.transfer(await until(() => director.itemOf(moved)), 'support');
  director.lose(await until(() => director.itemOf(lost)));
  director.tell({
    ...(await until(() => director.itemOf(accepted))),
    type: 'work-item-entered',
    item: WorkItemId.parse(newId()),
    conversation: ConversationId.parse(newId()),
  });
  await parts.startStore();
  await until(async () => (await head(closed)).endedBy === 'system');
  await until(async () => (await head(moved)).workItem === to);
  await until(() => director.itemOf(lost));
  await until(() => director.heard.some((line) => line.startsWith('force-close')));
  expect((await head(accepted)).owner).toBe('agent-1');
}, 60_000);

test('erasing a person erases what they said and were, from the tables and from the stream', async () => {
  await using parts = await startCentre();
  const { directory, gateway, head } = parts;
  parts.serveDirector();
  parts.serveDirectory();
  await parts.startStore();
  const given = {
    ...opening('a secret'),
    customerAddress: 'customer@example.org',
    page: 'https://a.example',
  };
  await gateway.call.open(given);
  const contact = await until(async () => (await head(given.conversation)).contact);
  directory.erase(contact);
  await until(async () => (await head(given.conversation)).customerName === '');
  const read = await gateway.call.read({ conversation: given.conversation, since: 0 });
  expect(read.messages.map((m) => m.text)).toEqual(['']);
  const { customerName, customerAddress, page } = read.conversation;
  expect([customerName, customerAddress, page]).toEqual(['', undefined, undefined]);
  for await (const { event } of gateway.follow.events({ since: 0 })) {
    if (event.body.type !== 'message-posted') continue;
    expect(event.body.message.text).toBe('');
    break;
  }
  const journal = await parts.database.query({
    text: 'select body::text from simple_messaging.journal',
  });
  expect(JSON.stringify(journal)).not.toContain('secret');
});

test(
  'a reader far behind gets every text from the tables',
  async () => {
    await using parts = await startCentre();
    const { gateway } = parts;
    parts.serveDirector();
    const { conversation } = opening();
    {
      await parts.startStore();
      await gateway.call.open(opening('0', conversation));
      await Promise.all(
        Array.from({ length: 600 }, (_, index) =>
          gateway.call.post({
            conversation,
            id: `${index}`,
            from: 'customer',
            text: `${index + 1}`,
          }),
        ),
      );
    }
    await parts.startStore();
    const texts: string[] = [];
    for await (const { event } of gateway.follow.events({ since: 0 })) {
      if (event.body.type === 'message-posted') texts.push(event.body.message.text);
      if (texts.length === 601) break;
    }
    expect(texts).toEqual(Array.from({ length: 601 }, (_, index) => `${index}`));
  },
  minutes(1),
);

test('M03: an id is known again though it is older than what memory keeps', async () => {
  await using parts = await startCentre();
  const { gateway } = parts;
  parts.serveDirector();
  await parts.startStore();
  const given = opening('first');
  const first = await gateway.call.open(given);
  const { conversation } = given;
  await Promise.all(
    Array.from({ length: 1_100 }, (_, index) =>
      gateway.call.post({ conversation, id: `${index}`, from: 'customer', text: 'x' }),
    ),
  );
  const again = await gateway.call.post({
    conversation,
    from: 'customer',
    ...given.message,
  });
  expect(again.message).toEqual(first.message);
});
