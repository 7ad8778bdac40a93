import { expect, test } from 'vitest';
import type { ChatMessage, EntryState } from '#servers/web-chat-gateway/contract.ts';
import { EMPTY_CHAT, isOffline, lacksAddress, nextChat, unreadOf } from './chat.ts';
import type { Chat, ChatAction, Outgoing } from './chat.ts';

const entry: EntryState = {
  availability: 'open',
  name: 'Shop',
  greeting: 'Hello',
  closed: '',
  consent: '',
};
const marks = { delivered: 0, read: 0, seen: 0 };
const message = (number: number, from: ChatMessage['from'] = 'agent'): ChatMessage => ({
  number,
  id: `m${number}`,
  from,
  text: `text ${number}`,
  at: number,
});
const heard = (...messages: ChatMessage[]): ChatAction => ({ type: 'messages', messages });
const welcome = (lastNumber?: number): ChatAction => ({
  type: 'welcome',
  session: 's',
  entry,
  ...(lastNumber !== undefined && {
    conversation: { marks, lastNumber, offline: false, hasAddress: false },
  }),
});
const send = (id: string, more: Partial<Outgoing> = {}): ChatAction => ({
  type: 'send',
  message: { id, text: `text ${id}`, at: 1, ...more },
});
const after = (...actions: ChatAction[]): Chat => actions.reduce(nextChat, EMPTY_CHAT);
const numbers = (chat: Chat): number[] => chat.messages.map(({ number }) => number);

test('M01: nextChat() has every message once and in order, however often and in whatever order it hears them', () => {
  const chat = after(
    welcome(3),
    heard(message(1)),
    heard(message(3)),
    heard(message(1), message(2), message(3)),
  );
  expect(numbers(chat)).toEqual([1, 2, 3]);
});

test('M01: nextChat() forgets messages of another time, as after a restored backup', () => {
  const chat = after(welcome(3), heard(message(1), message(2), message(3)), welcome(1));
  expect(numbers(chat)).toEqual([]);
});

test('M03: nextChat() takes a message off the list of the unacknowledged however it learns that it is stored', () => {
  const sent = after(welcome(), send('m1'));
  expect(sent.outgoing).toHaveLength(1);
  const ack = nextChat(sent, { type: 'ack', id: 'm1', number: 1, at: 5 });
  expect(ack).toMatchObject({
    outgoing: [],
    hasBegun: true,
    messages: [{ id: 'm1', text: 'text m1', at: 5 }],
  });
  expect(nextChat(sent, heard(message(1, 'customer'))).outgoing).toEqual([]);
  expect(nextChat(ack, { type: 'ack', id: 'm1', number: 1, at: 5 })).toEqual(ack);
});

test('nextChat() keeps what was not acknowledged when the conversation is gone', () => {
  const chat = after(welcome(2), heard(message(1), message(2)), send('m9'), welcome());
  expect(chat).toMatchObject({ messages: [], hasBegun: false, outgoing: [{ id: 'm9' }] });
});

test.each([
  ['too-fast', [{ id: 'm1' }]],
  ['try-again', [{ id: 'm1' }]],
  ['too-long', [{ id: 'm1', refused: 'too-long' }]],
  ['closed', []],
  ['ended', []],
] as const)('nextChat() with a message refused as %s', (code, outgoing) => {
  const chat = after(welcome(), send('m1'), { type: 'refused', code, message: 'No', id: 'm1' });
  expect(chat).toMatchObject({ outgoing, problem: code, isEnded: code === 'ended' });
});

test('marks only move forward, from wherever they come', () => {
  const chat = after(
    welcome(3),
    heard(message(1), message(2), message(3)),
    { type: 'marks', delivered: 3, read: 2, seen: 1 },
    { type: 'marks', delivered: 1, read: 1, seen: 0 },
    { type: 'seen', number: 2 },
  );
  expect(chat.marks).toEqual({ delivered: 3, read: 2, seen: 2 });
  expect(unreadOf(chat)).toBe(1);
});

test('isOffline() until somebody is there or a message was left', () => {
  const closed: ChatAction = { type: 'entry', entry: { ...entry, availability: 'nobody' } };
  expect(isOffline(after(welcome(), closed))).toBe(true);
  expect(isOffline(after(welcome(), closed, send('m1', { opening: { offline: true } })))).toBe(
    false,
  );
  expect(isOffline(after(welcome(1), closed))).toBe(false);
  expect(isOffline(EMPTY_CHAT)).toBe(false);
});

test('who is turned away has left a message, and is asked for an address until there is one', () => {
  const away: ChatAction = { type: 'turned-away', reason: 'closed', opensAt: 5 };
  const chat = after(welcome(), send('m1'), heard(message(1, 'customer')), away);
  expect(chat).toMatchObject({ wasLeft: true, turnedAway: { reason: 'closed', opensAt: 5 } });
  expect(lacksAddress(chat)).toBe(true);
  expect(lacksAddress(nextChat(chat, { type: 'address-kept' }))).toBe(false);
  expect(lacksAddress(nextChat(chat, { type: 'owner', name: 'Agent 1' }))).toBe(false);
  const known = after(welcome(), send('m1', { opening: { email: 'c@example.org' } }), away);
  expect(lacksAddress(known)).toBe(false);
});

test('anew begins without the old conversation but at the same entry point', () => {
  const chat = after(
    welcome(1),
    { type: 'consent' },
    heard(message(1)),
    { type: 'ended', by: 'agent' },
    { type: 'anew' },
  );
  expect(chat).toEqual({ ...EMPTY_CHAT, entry, hasConsented: true });
});
