import { expect, test } from 'vitest';
import type { ChatMessage } from '#servers/web-chat-gateway/contract.ts';
import { EMPTY_CHAT } from './chat.ts';
import type { Chat } from './chat.ts';
import { rowsOf } from './rows.ts';
import { textsFor } from './texts.ts';

const NOON = new Date(2026, 0, 5, 12).getTime();
const minute = 60_000;
let number = 0;
const said = (from: ChatMessage['from'], at: number, name?: string): ChatMessage => ({
  id: `m${++number}`,
  number,
  from,
  text: 'x',
  at,
  ...(name && { name }),
});

function rows(messages: ChatMessage[], more: Partial<Chat> = {}) {
  number = 0;
  const chat: Chat = { ...EMPTY_CHAT, messages, ...more };
  return rowsOf(chat, textsFor('en'), 'en-GB', NOON + 10 * minute);
}

test('messages of one side within minutes stand together: one name above, one time below', () => {
  const list = rows([
    said('agent', NOON, 'Agent 1'),
    said('agent', NOON + minute, 'Agent 1'),
    said('agent', NOON + 2 * minute, 'Agent 2'),
    said('customer', NOON + 3 * minute),
    said('agent', NOON + 4 * minute, 'Agent 2'),
  ]);
  expect(list.map(({ name, below, isLast }) => [name, below, isLast])).toEqual([
    ['Agent 1', '', false],
    ['', '12:01', true],
    ['Agent 2', '12:02', true],
    ['', '12:03 · Sent', true],
    ['Agent 2', '12:04', true],
  ]);
});

test('one’s own messages show how far they have got', () => {
  const own = [0, 1, 2].map((at) => said('customer', NOON + at));
  const list = rows(own, {
    marks: { read: 1, delivered: 2, seen: 0 },
    outgoing: [
      { id: 'o1', text: 'y', at: NOON + 3 },
      { id: 'o2', text: 'z', at: NOON + 4, refused: 'too-long' },
    ],
  });
  expect(list.map(({ below }) => below)).toEqual([
    '12:00 · Read',
    '12:00 · Delivered',
    '12:00 · Sent',
    '12:00 · Sending …',
    '12:00 · Not sent: This message is too long.',
  ]);
});

test('a day stands above its first message', () => {
  const list = rows([
    said('agent', NOON - 24 * 60 * minute),
    said('agent', NOON),
    said('agent', NOON + minute),
  ]);
  expect(list.map(({ day }) => day)).toEqual(['Sunday 4 January', 'Today', '']);
});

test('a message keeps its row when it is stored', () => {
  const [sending] = rows([], { outgoing: [{ id: 'm1', text: 'x', at: NOON }] });
  const [stored] = rows([said('customer', NOON)]);
  expect(stored?.key).toBe(sending?.key);
});
