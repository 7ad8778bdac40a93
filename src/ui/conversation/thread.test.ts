import { expect, test } from 'vitest';
import type { AgentId, ConversationId } from '#domain/ids.ts';
import type { Message } from '#domain/message.ts';
import { EMPTY_THREAD, nextThread, saidIn, type ThreadAction } from './thread.ts';

const conversation = '0199a000-0000-7000-8000-000000000001' as ConversationId;
const message = (number: number, from: Message['from'] = 'customer'): Message => ({
  conversation,
  number,
  id: `m${number}`,
  from,
  ...(from === 'agent' ? { agent: 'agent-1' as AgentId } : {}),
  text: `text ${number}`,
  at: number,
});
const heard = (number: number, from?: Message['from']): ThreadAction => ({
  type: 'message',
  position: number,
  message: message(number, from),
});

test('nextThread() shows a message once, in order, however often and in whichever order it is heard', () => {
  const thread = [heard(2), heard(1), heard(2), heard(3)].reduce(nextThread, EMPTY_THREAD);
  expect(thread.messages.map((m) => m.number)).toEqual([1, 2, 3]);
});

test('M03: nextThread() takes a sent message off the unsent when the server has it, by answer or by event', () => {
  const sending = nextThread(EMPTY_THREAD, { type: 'send', id: 'm1', text: 'text 1' });
  expect(sending.outgoing).toHaveLength(1);
  const failed = nextThread(sending, { type: 'not-sent', id: 'm1', problem: 'unreachable' });
  expect(failed.outgoing[0]?.state).toBe('failed');
  const arrived = nextThread(failed, heard(1, 'agent'));
  expect(arrived.outgoing).toEqual([]);
  expect(arrived.messages).toHaveLength(1);
});

test('nextThread() ends the typing sign when the message comes', () => {
  const typing = nextThread(EMPTY_THREAD, {
    type: 'typing',
    conversation,
    party: 'customer',
    typing: true,
  });
  expect(typing.isCustomerTyping).toBe(true);
  expect(nextThread(typing, heard(1)).isCustomerTyping).toBe(false);
});

test('saidIn() puts notes among the messages by time, and leaves messages in their order', () => {
  const note = (at: number) => ({ agent: 'agent-1' as AgentId, note: `note ${at}`, at });
  const said = saidIn([message(1), message(3), message(2)], [note(9), note(2)]);
  const words = said.map((s) => (s.type === 'note' ? s.note.note : s.message.text));
  expect(words).toEqual(['text 1', 'note 2', 'text 3', 'text 2', 'note 9']);
});
