import { expect, test } from 'vitest';
import type { ChatMessage, EntryState } from '#servers/web-chat-gateway/contract.ts';
import { EMPTY_CHAT, isOffline, nextChat, unreadOf, type ChatAction } from './chat.ts';

const entry: EntryState = {
  availability: 'open',
  name: 'Support',
  greeting: 'Hello',
  closed: '',
  consent: '',
};
const message = (number: number, from: ChatMessage['from'] = 'agent'): ChatMessage => ({
  number,
  id: `m${number}`,
  from,
  text: `text ${number}`,
  at: number,
});
const heard = (...messages: ChatMessage[]): ChatAction => ({ type: 'messages', messages });
const welcome = (lastNumber: number): ChatAction => ({
  type: 'welcome',
  session: 's',
  entry,
  ...(lastNumber > 0 ? { conversation: { marks: { delivered: 0, read: 0 }, lastNumber } } : {}),
});
const sent: ChatAction = { type: 'send', message: { id: 'm1', text: 'text 1' } };
const chatAfter = (...actions: ChatAction[]) => actions.reduce(nextChat, EMPTY_CHAT);

test('M01: nextChat() has every message once and in order after any reconnect', () => {
  const chat = chatAfter(
    welcome(3),
    heard(message(1), message(3)),
    welcome(3),
    heard(message(1), message(2)),
  );
  expect(chat.messages.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('M03: nextChat() forgets an unconfirmed message once it is stored, told by ack or by another tab', () => {
  expect(chatAfter(sent, { type: 'ack', id: 'm1', number: 1, at: 1 })).toMatchObject({
    outgoing: [],
    messages: [{ number: 1, from: 'customer', text: 'text 1' }],
  });
  expect(chatAfter(sent, heard(message(1, 'customer'))).outgoing).toEqual([]);
});

test('nextChat() keeps a message that came too fast, and marks one refused for good', () => {
  const refused = (code: 'too-fast' | 'too-long'): ChatAction => ({
    type: 'refused',
    code,
    message: 'No.',
    id: 'm1',
  });
  expect(chatAfter(sent, refused('too-fast')).outgoing).toEqual([{ id: 'm1', text: 'text 1' }]);
  expect(chatAfter(sent, refused('too-long')).outgoing).toEqual([
    { id: 'm1', text: 'text 1', refused: 'No.' },
  ]);
});

test('unreadOf() counts what the agent wrote and the customer has not read', () => {
  const all = heard(message(1), message(2, 'customer'), message(3));
  expect(unreadOf(chatAfter(all, { type: 'seen', number: 1 }))).toBe(1);
});

test('nextChat() begins anew without the old conversation but with the entry point’s words', () => {
  const chat = chatAfter(
    welcome(1),
    heard(message(1)),
    { type: 'ended', by: 'agent' },
    { type: 'anew' },
  );
  expect(chat).toMatchObject({ messages: [], isEnded: false, session: undefined, entry });
});

test('isOffline() lets a message be left only where nobody is there and nothing has begun', () => {
  const nobody: ChatAction = { type: 'entry', entry: { ...entry, availability: 'nobody' } };
  expect(isOffline(chatAfter(welcome(0)))).toBe(false);
  expect(isOffline(chatAfter(welcome(0), nobody))).toBe(true);
  expect(isOffline(chatAfter(welcome(1), nobody))).toBe(false);
});
