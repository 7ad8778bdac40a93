import { expect, test } from 'vitest';
import type { ChatMessage } from '#servers/web-chat-gateway/contract.ts';
import { EMPTY_CHAT, nextChat, unreadOf, type ChatAction } from './chat.ts';

const marks = { customerDelivered: 0, customerRead: 0, agentDelivered: 0, agentRead: 0 };
const message = (number: number, from: ChatMessage['from'] = 'agent'): ChatMessage => ({
  number,
  id: `m${number}`,
  from,
  text: `text ${number}`,
  at: number,
});
const heard = (number: number, from?: ChatMessage['from']): ChatAction => ({
  type: 'message',
  message: message(number, from),
});
const welcome = (messages: ChatMessage[] = []): ChatAction => ({
  type: 'welcome',
  isOpen: true,
  greeting: 'Hello',
  closed: '',
  consent: '',
  conversation: { messages, marks, ended: false },
});
const chatAfter = (...actions: ChatAction[]) => actions.reduce(nextChat, EMPTY_CHAT);

test('M01: nextChat() has every message once and in order after any reconnect', () => {
  const chat = chatAfter(
    heard(1),
    heard(3),
    welcome([message(1), message(2), message(3)]),
    heard(2),
  );
  expect(chat.messages.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('M03: nextChat() forgets an unconfirmed message when it comes back as a stored one', () => {
  const sent = chatAfter({ type: 'send', message: { id: 'm1', text: 'text 1' } });
  expect(sent.outgoing).toHaveLength(1);
  expect(nextChat(sent, heard(1, 'customer')).outgoing).toEqual([]);
  expect(nextChat(sent, welcome([message(1, 'customer')])).outgoing).toEqual([]);
});

test('nextChat() keeps a message that came too fast, and marks one refused for good', () => {
  const sent = chatAfter({ type: 'send', message: { id: 'm1', text: 'text' } });
  const tooFast = nextChat(sent, { type: 'refused', code: 'too-fast', message: 'Wait.', id: 'm1' });
  expect(tooFast.outgoing).toEqual([{ id: 'm1', text: 'text' }]);
  const tooLong = nextChat(sent, { type: 'refused', code: 'too-long', message: 'Long.', id: 'm1' });
  expect(tooLong.outgoing).toEqual([{ id: 'm1', text: 'text', refused: 'Long.' }]);
});

test('unreadOf() counts what the agent wrote and the customer has not read', () => {
  const chat = chatAfter(heard(1), heard(2, 'customer'), heard(3), {
    type: 'marks',
    marks: { ...marks, customerRead: 1 },
  });
  expect(unreadOf(chat)).toBe(1);
});

test('nextChat() begins anew without the old conversation but with the entry point’s words', () => {
  const chat = chatAfter(welcome([message(1)]), { type: 'ended', by: 'agent' }, { type: 'anew' });
  expect(chat).toMatchObject({
    messages: [],
    isEnded: false,
    session: undefined,
    greeting: 'Hello',
  });
});
