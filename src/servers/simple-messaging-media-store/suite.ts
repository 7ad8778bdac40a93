/** What every simple messaging media store keeps of its contract; run against the real one and its fake. */
import { expect, test } from 'vitest';
import type { Client, StreamItem } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { AgentId, ConversationId, EntryPointId } from '#domain/ids.ts';
import type { MessagingEvent, Typing, simpleMessagingMediaStore } from './contract.ts';

type Store = Client<typeof simpleMessagingMediaStore>;
type Event = StreamItem<{ position: number; at: number; body: MessagingEvent }, number>;

/** A store with what the tests need around it: the entry point `web`, and agents who do as told. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly gateway: Store;
  readonly desktop: Store;
  /** The conversation's work item is accepted; resolves when the director has said so. */
  accept(conversation: ConversationId, agent: string): Promise<void>;
  /** The agent who owns it closes it. */
  close(conversation: ConversationId): Promise<void>;
}

const agent1 = AgentId.parse('agent-1');
const agent2 = AgentId.parse('agent-2');

export const opening = (text = 'Hello', conversation = ConversationId.parse(newId())) => ({
  conversation,
  entryPoint: EntryPointId.parse('web'),
  channel: 'web-chat' as const,
  customerName: 'Customer 1',
  offline: false,
  message: { id: newId(), text },
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

/** Reads events until one fits. */
async function eventsUntil(
  store: Store,
  since: number,
  isLast: (event: MessagingEvent) => boolean,
): Promise<MessagingEvent[]> {
  const events: MessagingEvent[] = [];
  for await (const { event } of store.follow.events({ since }) as AsyncIterable<Event>) {
    events.push(event.body);
    if (isLast(event.body)) break;
  }
  return events;
}

/** Declares the tests; `start` gives each its own store. */
export function messagingStoreContract(start: () => Promise<StoreUnderTest>): void {
  test('open() stores the conversation with its first message, and once however often it is said', async () => {
    await using under = await start();
    const { gateway } = under;
    const given = opening('Hello 😀');
    const first = await gateway.call.open(given);
    const again = await gateway.call.open(given);
    expect(first.message).toMatchObject({ number: 1, from: 'customer', text: 'Hello 😀' });
    expect(first.conversation).toMatchObject({
      id: given.conversation,
      entryPoint: 'web',
      customerName: 'Customer 1',
      lastNumber: 1,
      offline: false,
    });
    expect(again).toMatchObject({ message: first.message, conversation: { lastNumber: 1 } });
  });

  test('M03: the same message sent twice, also at the same time, is stored once and answered alike', async () => {
    await using under = await start();
    const { gateway } = under;
    const { conversation } = await opened(gateway);
    const draft = { conversation, id: 'client-1', from: 'customer' as const, text: 'once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.call.post(draft)));
    answers.push(await gateway.call.post(draft));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const { messages } = await gateway.call.read({ conversation, since: 0 });
    expect(messages.map((m) => m.text)).toEqual(['Hello', 'once']);
  });

  test('M03: the same id in two conversations is two messages', async () => {
    await using under = await start();
    const { gateway } = under;
    const [one, two] = [await opened(gateway), await opened(gateway)];
    const post = (conversation: ConversationId, text: string) =>
      gateway.call.post({ conversation, id: 'same', from: 'customer', text });
    expect((await post(one.conversation, 'a')).message.text).toBe('a');
    expect((await post(two.conversation, 'b')).message.text).toBe('b');
  });

  test('leaveAddress() is kept once: what was said first stays', async () => {
    await using under = await start();
    const { gateway } = under;
    const { conversation } = await opened(gateway);
    const leave = (customerAddress: string) =>
      gateway.call.leaveAddress({ conversation, customerName: 'Customer 2', customerAddress });
    await leave('first@example.org');
    await leave('second@example.org');
    const head = (await gateway.call.read({ conversation, since: 0 })).conversation;
    expect(head).toMatchObject({
      customerName: 'Customer 1',
      customerAddress: 'first@example.org',
    });
    const nowhere = ConversationId.parse(newId());
    const unknown = { conversation: nowhere, customerAddress: 'third@example.org' };
    expect(await codeOf(gateway.call.leaveAddress(unknown))).toBe('unknown-conversation');
  });

  test('post() numbers messages 1, 2, 3, … in the order in which they came', async () => {
    await using under = await start();
    const { gateway } = under;
    const { conversation } = await opened(gateway);
    const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
    const posts = texts.map((text, index) =>
      gateway.call.post({ conversation, id: `${index}`, from: 'customer', text }),
    );
    const numbers = (await Promise.all(posts)).map(({ message }) => message.number);
    expect(numbers).toEqual(texts.map((_, index) => index + 2));
    const { messages } = await gateway.call.read({ conversation, since: 1 });
    expect(messages.map((m) => m.text)).toEqual(texts);
  });

  test('post() lets only the owner speak for the agents, and nobody after the end', async () => {
    await using under = await start();
    const { gateway, desktop } = under;
    const { conversation } = await opened(gateway);
    const say = (agent: AgentId, id: string) =>
      codeOf(desktop.call.post({ conversation, id, from: 'agent', agent, text: 'Hi' }));
    expect(await say(agent1, 'a')).toBe('not-yours');
    await under.accept(conversation, 'agent-1');
    expect(await say(agent1, 'b')).toBe('done');
    expect(await say(agent2, 'c')).toBe('not-yours');
    await under.close(conversation);
    await eventsUntil(gateway, 0, (event) => event.type === 'conversation-ended');
    expect(await say(agent1, 'd')).toBe('conversation-ended');
    expect(
      await codeOf(gateway.call.post({ conversation, id: 'e', from: 'customer', text: 'x' })),
    ).toBe('conversation-ended');
    expect((await gateway.call.read({ conversation, since: 0 })).conversation).toMatchObject({
      endedBy: 'agent',
      lastNumber: 2,
    });
  });

  test('post() refuses to let a gateway speak for an agent, and a desktop for a customer', async () => {
    await using under = await start();
    const { gateway, desktop } = under;
    const { conversation } = await opened(gateway);
    const draft = { conversation, id: 'x', text: 'x' };
    expect(await codeOf(gateway.call.post({ ...draft, from: 'agent', agent: agent1 }))).toBe(
      'forbidden',
    );
    expect(await codeOf(gateway.call.post({ ...draft, from: 'system' }))).toBe('forbidden');
    expect(await codeOf(desktop.call.post({ ...draft, from: 'customer' }))).toBe('forbidden');
  });

  test('everything refuses a conversation that does not exist', async () => {
    await using under = await start();
    const { gateway } = under;
    const conversation = ConversationId.parse(newId());
    expect(
      await Promise.all([
        codeOf(gateway.call.post({ conversation, id: 'x', from: 'customer', text: 'x' })),
        codeOf(gateway.call.read({ conversation, since: 0 })),
        codeOf(gateway.call.mark({ conversation, party: 'customer', read: 1 })),
        codeOf(gateway.call.end({ conversation })),
      ]),
    ).toEqual(Array.from({ length: 4 }, () => 'unknown-conversation'));
    expect(
      await codeOf(gateway.call.open({ ...opening(), entryPoint: EntryPointId.parse('none') })),
    ).toBe('unknown-entry-point');
  });

  test('mark() moves forward, never back and never past the last message', async () => {
    await using under = await start();
    const { gateway, desktop } = under;
    const { conversation } = await opened(gateway);
    await gateway.call.post({ conversation, id: '2', from: 'customer', text: 'two' });
    expect((await desktop.call.mark({ conversation, party: 'agent', read: 99 })).marks).toEqual({
      customerDelivered: 0,
      customerRead: 0,
      agentDelivered: 2,
      agentRead: 2,
    });
    const { marks } = await desktop.call.mark({
      conversation,
      party: 'agent',
      delivered: 1,
      read: 1,
    });
    expect(marks.agentRead).toBe(2);
    const { conversation: head } = await gateway.call.read({ conversation, since: 0 });
    expect(head.marks.agentRead).toBe(2);
  });

  test('M01: events since a cursor bring everything in order, however long ago it was', async () => {
    await using under = await start();
    const { gateway, desktop } = under;
    const { position: before } = await gateway.call.position({});
    const { conversation } = await opened(gateway);
    await under.accept(conversation, 'agent-1');
    await desktop.call.post({ conversation, id: 'a1', from: 'agent', agent: agent1, text: 'Hi' });
    await gateway.call.mark({ conversation, party: 'customer', read: 2 });
    await desktop.call.addNote({ conversation, id: 'n1', agent: agent1, note: 'calls back' });
    await gateway.call.end({ conversation });
    const events = await eventsUntil(gateway, before, (e) => e.type === 'conversation-ended');
    const told = events.filter((e) => e.type !== 'contact-matched');
    expect(told.map((e) => e.type)).toEqual([
      'conversation-opened',
      'message-posted',
      'owner-changed',
      'message-posted',
      'marked',
      'note-added',
      'conversation-ended',
    ]);
    expect(told[3]).toMatchObject({ message: { number: 2, text: 'Hi', agent: 'agent-1' } });
    expect(told[5]).toMatchObject({ note: 'calls back' });
    const { notes, position } = await gateway.call.read({ conversation, since: 1 });
    expect(notes).toMatchObject([{ agent: 'agent-1', note: 'calls back' }]);
    expect(position).toBeGreaterThanOrEqual(before + told.length);
  });

  test('events refuses a cursor from the future', async () => {
    await using under = await start();
    const read = async (): Promise<void> => {
      for await (const event of under.gateway.follow.events({ since: 1_000_000 })) void event;
    };
    expect(await codeOf(read())).toBe('unknown-cursor');
  });

  test('addNote() said twice adds one note', async () => {
    await using under = await start();
    const { gateway, desktop } = under;
    const { conversation } = await opened(gateway);
    const note = { conversation, id: 'n', agent: agent1, note: 'once' };
    await desktop.call.addNote(note);
    await desktop.call.addNote(note);
    expect((await desktop.call.read({ conversation, since: 0 })).notes).toHaveLength(1);
  });

  test('end() said twice ends once, by the customer', async () => {
    await using under = await start();
    const { gateway } = under;
    const { conversation } = await opened(gateway);
    await gateway.call.end({ conversation });
    const { conversation: first } = await gateway.call.read({ conversation, since: 0 });
    await gateway.call.end({ conversation });
    const { conversation: again } = await gateway.call.read({ conversation, since: 0 });
    expect(first).toMatchObject({ endedBy: 'customer' });
    expect(again.endedAt).toBe(first.endedAt);
  });

  test('summarise() leaves unknown conversations out and shows the last message', async () => {
    await using under = await start();
    const { gateway, desktop } = under;
    const { conversation } = await opened(gateway);
    await gateway.call.post({ conversation, id: '2', from: 'customer', text: 'the last' });
    const unknown = ConversationId.parse(newId());
    const { summaries } = await desktop.call.summarise({ conversations: [unknown, conversation] });
    expect(summaries).toMatchObject([
      {
        conversation: { id: conversation, lastNumber: 2 },
        lastText: 'the last',
        lastFrom: 'customer',
      },
    ]);
  });

  test('typing is told at once, and only of open conversations and their owner', async () => {
    await using under = await start();
    const { gateway, desktop } = under;
    const { conversation } = await opened(gateway);
    const life = new AbortController();
    const heard: Typing[] = [];
    const reading = (async () => {
      for await (const { event } of desktop.follow.typing({ signal: life.signal })) {
        heard.push(event);
        if (heard.length === 2) life.abort();
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    const stranger = { conversation, party: 'agent' as const, agent: agent2, typing: true };
    await desktop.call.typing(stranger);
    await gateway.call.typing({ conversation, party: 'customer', typing: true });
    await gateway.call.typing({ conversation, party: 'customer', typing: false });
    await reading;
    expect(heard.map((sign) => [sign.party, sign.typing])).toEqual([
      ['customer', true],
      ['customer', false],
    ]);
  });

  test('a message is 32 kB at most, and characters no database takes are left out', async () => {
    await using under = await start();
    const { gateway } = under;
    const { conversation } = await opened(gateway);
    const post = (text: string) =>
      gateway.call.post({ conversation, id: newId(), from: 'customer', text });
    expect((await post('é'.repeat(16_384))).message.text).toHaveLength(16_384);
    expect(await codeOf(post('é'.repeat(16_385)))).toBe('invalid-params');
    expect((await post('a\0b')).message.text).toBe('ab');
    expect(await codeOf(post('\0'))).toBe('invalid-params');
  });
}

async function opened(gateway: Store): Promise<{ conversation: ConversationId }> {
  const { conversation } = await gateway.call.open(opening());
  return { conversation: conversation.id };
}
