import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { AgentId, SegmentId } from '#domain/ids.ts';
import type { DirectorEvent, ParticipantRole } from '#domain/work-item/event.ts';
import { opening } from './suite.ts';
import { startCentre, until } from './testing/store-centre.ts';

const TWO = AgentId.parse('agent-2');
const segment = SegmentId.parse(newId());

/** A chat that agent 1 owns, and what agent 2 may write to its customer. */
async function ownedChat() {
  await using life = new AsyncDisposableStack();
  const parts = life.use(await startCentre());
  parts.serveDirector();
  parts.serveDirectory();
  const stop = await parts.startStore();
  const { conversation } = opening();
  await parts.gateway.call.open(opening('Hello', conversation));
  const item = await until(() => parts.director.itemOf(conversation));
  parts.director.accept(item, 'agent-1');
  await until(async () => (await parts.head(conversation)).owner === 'agent-1');
  let written = 0;
  const post = () =>
    parts.desktop.call
      .post({ conversation, id: `two-${written++}`, from: 'agent', agent: TWO, text: 'Hi' })
      .then(
        () => 'posted',
        (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
      );
  const joined = (role: ParticipantRole): DirectorEvent => ({
    type: 'participant-joined',
    item: item.id,
    agent: TWO,
    role,
    segment,
  });
  const released = life.move();
  return Object.assign(parts, {
    stop,
    conversation,
    item,
    post,
    joined,
    [Symbol.asyncDispose]: () => released[Symbol.asyncDispose](),
  });
}

test('a conferee writes to the customer for as long as they confer; whoever was only asked does not', async () => {
  await using chat = await ownedChat();
  const { director, item } = chat;
  director.tell(chat.joined('consulted'));
  expect(await chat.post()).toBe('not-yours');
  director.tell({ type: 'participant-role-changed', item: item.id, agent: TWO, role: 'conferee' });
  await until(async () => (await chat.post()) === 'posted');
  director.tell({ type: 'participant-left', item: item.id, agent: TWO, segment, ending: 'left' });
  await until(async () => (await chat.post()) === 'not-yours');
});

test('who confers is known again after a restart, and a conferee who owns it writes on', async () => {
  await using chat = await ownedChat();
  const { director, item } = chat;
  director.tell(chat.joined('conferee'));
  await until(async () => (await chat.post()) === 'posted');
  await chat.stop();
  await chat.startStore();
  await until(async () => (await chat.post()) === 'posted');
  const from = AgentId.parse('agent-1');
  director.tell({ type: 'owner-changed', item: item.id, from, agent: TWO, segment });
  await until(async () => (await chat.head(chat.conversation)).owner === TWO);
  expect(await chat.post()).toBe('posted');
});

test.each(['handled', 'forced'] as const)(
  'S10: a work item that ends (%s) ends its conversation, and nobody writes to it any more',
  async (ending) => {
    await using chat = await ownedChat();
    chat.director.close(chat.item, ending);
    await until(async () => (await chat.head(chat.conversation)).endedAt !== undefined);
    expect(await chat.post()).toBe('conversation-ended');
  },
);

test('S10: while a conversation lasts its work item is open: requeued, it is still there to be answered', async () => {
  await using chat = await ownedChat();
  const { director, item, conversation } = chat;
  const { id, queue } = item;
  director.tell({ type: 'work-item-requeued', item: id, queue, reason: 'agent-vanished' });
  await until(async () => (await chat.head(conversation)).owner === undefined);
  expect(await chat.head(conversation)).toMatchObject({ workItem: id });
  expect((await chat.head(conversation)).endedAt).toBeUndefined();
  await chat.gateway.call.end({ conversation });
  await until(() => director.itemOf(conversation) === undefined);
});
