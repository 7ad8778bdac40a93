import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import type { ConversationId } from '#domain/ids.ts';
import { SUPPORT } from './testing/filing-facts.ts';
import { startCentre } from './testing/store-centre.ts';
import { until } from './testing/until.ts';

type Centre = Awaited<ReturnType<typeof startCentre>>;

const ONE = AgentId.parse('agent-1');
const TWO = AgentId.parse('agent-2');

/** A conversation that `agent` has, opened by a mail with this message id. */
async function owned(
  centre: Centre,
  { filing }: Awaited<ReturnType<Centre['open']>>,
  name: string,
  agent: string,
): Promise<ConversationId> {
  const mail = await centre.taken(SUPPORT, { messageId: `${name}@customer.example`, text: name });
  await filing.file([mail]);
  const conversation = await centre.conversationOf(mail.mail.id);
  centre.director.accept(await until(() => centre.director.itemOf(conversation)), agent);
  await until(async () => (await centre.head(conversation)).owner === agent);
  return conversation;
}

test('two matters that are one: the mails of both are in one conversation, and answers to either join it', async () => {
  await using centre = await startCentre();
  const { director, store } = centre;
  centre.serveDirector();
  const opened = await centre.open();
  const first = await owned(centre, opened, 'first', 'agent-1');
  const second = await owned(centre, opened, 'second', 'agent-1');
  await store.call.addNote({ conversation: first, id: 'n', agent: ONE, note: 'A note' });
  const [item, into] = [director.itemOf(first)!, director.itemOf(second)!];
  director.tell({ type: 'work-item-merged', item: item.id, into: into.id, by: ONE });
  const read = () => store.call.read({ conversation: second, since: 0 });
  await until(async () => (await read()).emails.length === 2);
  expect(await read()).toMatchObject({
    conversation: { id: second, lastNumber: 2, owner: 'agent-1' },
    emails: [
      { text: 'second', number: 1 },
      { text: 'first', number: 2 },
    ],
    notes: [{ note: 'A note' }],
  });
  expect(await store.call.current({ conversation: first })).toEqual({ conversation: second });
  const { conversation } = await store.call.read({ conversation: first, since: 0 });
  expect(conversation.id).toBe(second); // who asks for the one that was merged gets the other

  const answers = [
    await centre.taken(SUPPORT, { references: ['first@customer.example'], text: 'third' }),
    await centre.taken(SUPPORT, { references: ['second@customer.example'], text: 'fourth' }),
  ];
  await opened.filing.file(answers);
  expect((await read()).emails.map(({ text }) => text)).toEqual([
    'second',
    'first',
    'third',
    'fourth',
  ]);
  await opened.stop();
  const again = await centre.open();
  const late = await centre.taken(SUPPORT, { inReplyTo: ['first@customer.example'], text: 'late' });
  await again.filing.file([late]);
  expect(await centre.conversationOf(late.mail.id)).toBe(second);
  const summaries = await store.call.summarise({ conversations: [second] });
  expect(summaries.summaries).toMatchObject([{ lastText: 'late', lastFrom: 'customer' }]);
});

test('one matter that is two: both passes have an owner who may mark, and the conversation ends with the last of them', async () => {
  await using centre = await startCentre();
  const { director, store } = centre;
  centre.serveDirector();
  const conversation = await owned(centre, await centre.open(), 'first', 'agent-1');
  const item = director.itemOf(conversation)!;
  const split = WorkItemId.parse(newId());
  const { state: _state, segment: _segment, agent: _agent, ...work } = item;
  director.tell({ ...work, type: 'work-item-entered', item: split, splitFrom: item.id });
  director.accept(director.centre.items.get(split)!, 'agent-2');
  const marks = (agent: AgentId) =>
    store.call.mark({ conversation, agent, read: 1 }).then(
      () => true,
      () => false,
    );
  await until(() => marks(TWO));
  expect(await marks(ONE)).toBe(true);
  director.close(director.centre.items.get(item.id)!);
  await until(async () => (await centre.head(conversation)).workItem === split);
  expect(await centre.head(conversation)).toMatchObject({ owner: 'agent-2' });
  expect((await centre.head(conversation)).endedAt).toBeUndefined();
  director.close(director.centre.items.get(split)!);
  await until(async () => (await centre.head(conversation)).endedBy === 'agent');
  expect(await marks(TWO)).toBe(false);
});

test('a conversation follows its work item to another queue, and a customer who wrote meanwhile is not forgotten', async () => {
  await using centre = await startCentre();
  const { director } = centre;
  centre.serveDirector();
  const opened = await centre.open();
  const conversation = await owned(centre, opened, 'first', 'agent-1');
  const to = director.transfer(director.itemOf(conversation)!, 'billing');
  await until(async () => (await centre.head(conversation)).queue === 'billing');
  expect(await centre.head(conversation)).toMatchObject({ workItem: to });
  const item = director.itemOf(conversation)!;
  director.accept(item, 'agent-2');
  const answer = await centre.taken(SUPPORT, { references: ['first@customer.example'] });
  await opened.filing.file([answer]);
  // set aside as if the director had not heard of the mail that came a moment before
  director.tell({ type: 'work-item-parked', item: item.id }, Date.now() - 60_000);
  await until(() => director.itemOf(conversation)?.state === 'queued');
  expect(director.heard.filter((line) => line.startsWith('customer-wrote'))).not.toEqual([]);
});
