import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { hours, minutes, seconds } from '#base/time.ts';
import { InteractionId, QueueId, WorkItemId } from '#domain/ids.ts';
import { agent1, conversationOf, startChat } from '../../../test/doubles/chat.ts';
import type { Of } from '../../../test/doubles/chat.ts';

test('a chat from the first word to the end: acknowledged, answered, marked, closed', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  const welcome = await widget.hello();
  expect(welcome.entry).toMatchObject({ availability: 'open', name: 'Shop', greeting: 'Hello' });
  const facts = { name: 'Customer 1', email: 'c@example.org', page: 'https://shop.example/x' };
  expect(await widget.post('m1', 'Hi <b>there</b>', facts)).toMatchObject({ id: 'm1', number: 1 });
  const conversation = conversationOf(welcome);
  const stored = await chat.desktop.call.read({ conversation, since: 0 });
  expect(stored.messages).toMatchObject([{ id: 'm1', from: 'customer', text: 'Hi <b>there</b>' }]);
  expect(stored.conversation).toMatchObject({
    customerName: 'Customer 1',
    customerAddress: 'c@example.org',
    channel: 'web-chat',
    offline: false,
  });

  chat.store.own(conversation, 'agent-1');
  expect(await widget.next('owner')).toEqual({ type: 'owner', name: 'Agent 1' });
  await chat.desktop.call.mark({ conversation, party: 'agent', delivered: 1, read: 1 });
  expect(await widget.next('marks')).toEqual({
    type: 'marks',
    delivered: 1,
    read: 1,
    seen: 0,
  });
  await chat.desktop.call.typing({ conversation, party: 'agent', agent: agent1, typing: true });
  expect(await widget.next('typing')).toEqual({ type: 'typing', typing: true });
  await chat.agentSays(conversation, 'a1', 'Good day');
  expect((await widget.next('messages')).messages).toMatchObject([
    { number: 2, from: 'agent', name: 'Agent 1', text: 'Good day' },
  ]);
  widget.say({ type: 'mark', delivered: 2, read: 2 });
  await expect
    .poll(async () => (await chat.desktop.call.read({ conversation, since: 9 })).conversation.marks)
    .toMatchObject({ customerRead: 2 });
  chat.store.close(conversation);
  expect(await widget.next('ended')).toEqual({ type: 'ended', by: 'agent' });
  widget.say({ type: 'message', id: 'm2', text: 'too late' });
  expect(await widget.next('refused')).toMatchObject({ code: 'ended', id: 'm2' });

  const next = await widget.hello();
  expect(conversationOf(next)).not.toBe(conversation);
  expect(await widget.post('m2', 'again')).toMatchObject({ number: 1 });
});

test('who is turned away after writing is told so, also after a reload, and leaves an address', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  const welcome = await widget.hello();
  await widget.post('m1', 'Is anybody there?');
  const conversation = conversationOf(welcome);
  chat.store.turnAway(conversation, { reason: 'closed', opensAt: 1_000 });
  expect(await widget.next('turned-away')).toEqual({
    type: 'turned-away',
    reason: 'closed',
    opensAt: 1_000,
  });
  using reloaded = await chat.connect();
  const again = await reloaded.hello(welcome.session);
  expect(again.conversation).toMatchObject({ offline: true, hasAddress: false });
  widget.say({ type: 'address', email: 'nobody' });
  expect(await widget.next('refused')).toMatchObject({ code: 'no-address' });
  widget.say({ type: 'address', email: ' c@example.org ', name: 'Customer 1' });
  await widget.next('address-kept');
  const { conversation: head } = await chat.desktop.call.read({ conversation, since: 9 });
  expect(head).toMatchObject({ customerAddress: 'c@example.org', customerName: 'Customer 1' });
});

test('R04: who waits is told their place and how long it takes, again when that has changed', async () => {
  await using chat = await startChat();
  const { director, clock, configuration } = chat;
  configuration.put('queue', 'sales', {
    announcements: { place: 'You are number {place}.', wait: 'It takes {wait}.' },
  });
  const entered = (widget: Of<'welcome'>) => {
    const item = WorkItemId.parse(newId());
    director.tell({
      type: 'work-item-entered',
      item,
      conversation: conversationOf(widget),
      interaction: InteractionId.parse(newId()),
      channel: 'web-chat',
      queue: QueueId.parse('sales'),
      priority: 5,
      enteredAt: clock.now(),
    });
    return item;
  };
  using ahead = await chat.connect();
  const first = entered(await ahead.hello());
  using widget = await chat.connect();
  const welcome = await widget.hello();
  await widget.post('m1', 'Hello');
  const second = entered(welcome);
  const told = async (by: typeof widget) => {
    const next = by.next('waiting');
    const ticking = setInterval(() => clock.advance(seconds(2)), 20);
    const { text } = await next.finally(() => clearInterval(ticking));
    return text;
  };
  expect(await told(widget)).toBe('You are number 2.');
  director.waits.set(second, { least: minutes(1), most: minutes(4) });
  const item = director.centre.items.get(first);
  if (item) director.accept(item, 'agent-1');
  expect(await told(widget)).toBe('You are number 1. It takes 1–4 minutes.');

  using reloaded = await chat.connect();
  await reloaded.hello(welcome.session);
  expect(await told(reloaded)).toBe('You are number 1. It takes 1–4 minutes.');
  const own = director.centre.items.get(second);
  if (own) director.accept(own, 'agent-1');
  expect(await told(widget)).toBe(''); // somebody is there now
});

test('M01: a widget that comes back after 24 h gets exactly what it does not hold', async () => {
  await using chat = await startChat();
  const first = await chat.connect();
  const { session } = await first.hello();
  await first.post('m1', 'before');
  first[Symbol.dispose]();
  const conversation = conversationOf({ session } as Of<'welcome'>);
  chat.store.own(conversation, 'agent-1');
  for (const text of ['one', 'two', 'three']) await chat.agentSays(conversation, text, text);
  chat.clock.advance(hours(24));

  using again = await chat.connect();
  const welcome = await again.hello(session, 1);
  expect(welcome.conversation).toMatchObject({ lastNumber: 4, owner: 'Agent 1' });
  await again.next('messages');
  expect(again.messages.map((m) => m.text)).toEqual(['one', 'two', 'three']);
  await chat.agentSays(conversation, 'four', 'four');
  await again.next('messages');
  expect(again.messages.map((m) => m.number)).toEqual([2, 3, 4, 5]);
});

test('M01: a widget that remembers more than there is gets everything anew', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  const { session } = await widget.hello();
  await widget.post('m1', 'one');
  using again = await chat.connect();
  await again.hello(session, 99);
  expect((await again.next('messages')).messages.map((m) => m.text)).toEqual(['one']);
});

test('M03: what was not acknowledged is sent again after a lost connection, and stored once', async () => {
  await using chat = await startChat();
  const first = await chat.connect();
  const { session } = await first.hello();
  await first.post('m1', 'one');
  for (const id of ['m2', 'm3']) first.say({ type: 'message', id, text: id });
  first.socket.terminate(); // perhaps they arrived, perhaps not
  using again = await chat.connect();
  await again.hello(session, 1);
  await again.post('m2', 'm2');
  await again.post('m3', 'm3');
  await again.post('m3', 'm3');
  const conversation = conversationOf({ session } as Of<'welcome'>);
  const { messages } = await chat.desktop.call.read({ conversation, since: 0 });
  expect(messages.map((m) => m.id)).toEqual(['m1', 'm2', 'm3']);
});

test('two tabs share one conversation: each sees what the other sends', async () => {
  await using chat = await startChat();
  using one = await chat.connect();
  using two = await chat.connect();
  const { session } = await one.hello();
  await one.post('m1', 'from one');
  expect((await two.hello(session)).session).toBe(session);
  expect((await two.next('messages')).messages).toMatchObject([{ text: 'from one' }]);
  await two.post('m2', 'from two');
  expect((await one.next('messages')).messages).toMatchObject([{ id: 'm2', text: 'from two' }]);
  expect(two.messages.map((m) => m.id)).toEqual(['m1']);
});

test('P01: the widget is told at once when agents come and go, and never that nobody is there when somebody is', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  expect((await widget.hello()).entry.availability).toBe('open');
  chat.director.logOut('agent-1');
  expect((await widget.next('entry')).entry.availability).toBe('nobody');
  chat.director.logIn('agent-1');
  expect((await widget.next('entry')).entry.availability).toBe('open');
});

test('while nobody is there a message can be left, with an address to answer to', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  const welcome = await widget.hello();
  chat.director.logOut('agent-1');
  await widget.next('entry');
  widget.say({ type: 'message', id: 'm1', text: 'hello?' });
  expect((await widget.next('entry')).entry.availability).toBe('nobody');
  expect(await widget.next('refused')).toMatchObject({ code: 'closed', id: 'm1' });
  widget.say({ type: 'message', id: 'm2', text: 'hello?', offline: true, email: 'nonsense' });
  expect(await widget.next('refused')).toMatchObject({ code: 'closed', id: 'm2' });
  await widget.post('m3', 'please call', { offline: true, email: 'c@example.org' });
  const conversation = conversationOf(welcome);
  expect((await chat.desktop.call.read({ conversation, since: 0 })).conversation).toMatchObject({
    offline: true,
    customerAddress: 'c@example.org',
  });
});

test('opening hours close the widget by themselves, and tell when it opens again', async () => {
  await using chat = await startChat({}, Date.UTC(2026, 0, 5, 16, 59, 30));
  chat.configuration.put('schedule', 'office', {
    timeZone: 'UTC',
    week: [0, 1, 2, 3, 4, 5, 6].map(() => [{ from: '09:00', to: '17:00' }]),
  });
  chat.configuration.put('entry-point', 'web', {
    channel: 'web-chat',
    queue: 'sales',
    schedule: 'office',
  });
  using widget = await chat.connect();
  expect((await widget.hello()).entry.availability).toBe('open');
  chat.clock.advance(minutes(1));
  expect((await widget.next('entry')).entry).toMatchObject({
    availability: 'closed',
    opensAt: Date.UTC(2026, 0, 6, 9),
  });
});

test('an entry point that is not in use is told so', async () => {
  await using chat = await startChat();
  using widget = await chat.connect();
  widget.say({ type: 'hello', entryPoint: 'none' });
  expect(await widget.next('refused')).toMatchObject({ code: 'unknown-entry-point' });
});

test('while the store is away messages wait in the widget, and go on when it is back', async () => {
  await using chat = await startChat();
  const widget = await chat.connect();
  const { session } = await widget.hello();
  await widget.post('m1', 'one');
  const away = await chat.storeAway();
  widget.say({ type: 'message', id: 'm2', text: 'two' });
  away.back();
  expect(await widget.next('ack')).toMatchObject({ id: 'm2', number: 2 });
  const conversation = conversationOf({ session } as Of<'welcome'>);
  chat.store.own(conversation, 'agent-1');
  await chat.agentSays(conversation, 'a1', 'three');
  expect((await widget.next('messages')).messages).toMatchObject([{ number: 3, text: 'three' }]);
});

test('a visitor who is gone before anybody answered leaves the queue; one who comes back in time does not', async () => {
  await using chat = await startChat();
  const ended = async (session: string) => {
    const conversation = conversationOf({ session } as Of<'welcome'>);
    return (await chat.desktop.call.read({ conversation, since: 0 })).conversation.endedBy;
  };
  const begin = async (more: object = {}) => {
    const widget = await chat.connect();
    const { session } = await widget.hello();
    await widget.post('m1', 'Hello?', more);
    widget.socket.close();
    await widget.closed();
    return session;
  };
  const left = await begin();
  const returned = await begin();
  const reachable = await begin({ email: 'c@example.org' });
  chat.clock.advance(minutes(9));
  using again = await chat.connect();
  await again.hello(returned);
  for (let at = 0; at < 12; at++) {
    again.say({ type: 'ping' });
    await again.next('pong');
    chat.clock.advance(seconds(10));
  }
  await expect.poll(() => ended(left)).toBe('customer');
  expect([await ended(returned), await ended(reachable)]).toEqual([undefined, undefined]);
});
