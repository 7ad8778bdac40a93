import { expect, test } from 'vitest';
import { receivedAtOf } from './received-at.ts';

const AT = Date.UTC(2026, 10, 22, 19, 14, 10);
const of = (text: string): number | undefined => receivedAtOf(Buffer.from(text, 'latin1'));

test.for<[string, string, number | undefined]>([
  ['a date', 'Received: by x; Sun, 22 Nov 2026 19:14:10 +0000\r\n\r\n', AT],
  ['a zone', 'Received: by x; Sun, 22 Nov 2026 20:14:10 +0100 (CET)\r\n\r\n', AT],
  ['a folded one', 'Received: from a\r\n\tby b;\r\n Sun, 22 Nov 2026 19:14:10 +0000\r\n\r\n', AT],
  [
    'the first of several',
    'X: y\nreceived: by x; 22 Nov 2026 19:14:10 GMT\nReceived: by y; 1 Jan 2020 00:00 GMT\n\n',
    AT,
  ],
  ['the last semicolon', 'Received: by x (a; b); 22 Nov 2026 19:14:10 +0000\r\n\r\n', AT],
  ['none', 'Date: Sun, 22 Nov 2026 19:14:10 +0000\r\n\r\n', undefined],
  ['one in the text', 'X: y\r\n\r\nReceived: by x; Sun, 22 Nov 2026 19:14:10 +0000\r\n', undefined],
  ['nonsense', 'Received: by x; yesterday\r\n\r\n', undefined],
  ['nothing', '', undefined],
])('receivedAtOf() reads %s', ([, text, at]) => {
  expect(of(text)).toBe(at);
});
