import { expect, test } from 'vitest';
import { excerptOf } from './excerpt.ts';
import { parseSearch } from './search-query.ts';
import { wordsIn, wordsOf } from './words.ts';

test.each([
  ['Größe, Ærøskøbing & Ünïcode', ['grosse', 'aeroskobing', 'unicode']],
  ["It's 24.12.2026; order #A-1007", ['it', 's', '24', '12', '2026', 'order', 'a', '1007']],
  ['返品したい', ['返', '品', 'し', 'た', 'い']],
  ['नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
  ['ﬁnance ①', ['finance', '1']],
  [
    'abcé caféX1 a\u00a0b A1返品b café',
    ['abce', 'cafex1', 'a', 'b', 'a1', '返', '品', 'b', 'cafe'],
  ],
  ['... --- !!!', []],
])('wordsIn() takes %j apart', (text, words) => {
  expect([...wordsIn(text)].map(({ word }) => word)).toEqual(words);
});

test.each([
  ['refund', "'refund':*"],
  ['my refund', "'my' & 'refund':*"],
  ['"late refund"', "('late' <-> 'refund')"],
  ['refund -"not urgent" -spam', "'refund':* & !('not' <-> 'urgent') & !'spam':*"],
  ['customer@example.org', "('customer@example.org' | ('customer' <-> 'example' <-> 'org':*))"],
  ['返品', "('返' <-> '品')"],
  ["it's:* | !(", "('it' <-> 's')"],
  ['-spam', undefined],
  ['', undefined],
  ['"unclosed phrase', "('unclosed' <-> 'phrase')"],
])('parseSearch() reads %j', (text, words) => {
  expect(parseSearch(text).words).toBe(words);
});

test('parseSearch() takes what looks like a message id for one, with brackets and without', () => {
  expect(parseSearch('<a.b-c@mail.example>').messageId).toBe('a.b-c@mail.example');
  expect(parseSearch('a.b-c@mail.example').messageId).toBe('a.b-c@mail.example');
  expect(parseSearch('words and a.b-c@mail.example').messageId).toBeUndefined();
});

test('excerptOf() shows the words where they stand, as their writer wrote them', () => {
  const text = `${'Filler words here. '.repeat(20)}I want my Rückerstattung now, thank you.`;
  expect(excerptOf(text, parseSearch('ruckerstatt now'))).toContain(
    'I want my «Rückerstattung» «now», thank you.',
  );
  expect(excerptOf('Nothing of it', parseSearch('refund'))).toBe('Nothing of it');
  expect(excerptOf('x'.repeat(1_000), parseSearch('refund'))).toHaveLength(241);
});

const email = {
  from: { name: "O'Neil", address: 'o.neil@example.org' },
  replyTo: [],
  to: [{ name: '', address: 'Support@example.com' }],
  cc: [],
  bcc: [],
  subject: 'Late',
  text: '',
};

test('wordsOf() has subject, people, files and text, and addresses as a whole', () => {
  const words = wordsOf({
    email: { ...email, text: 'late again' },
    attachments: [{ name: 'invoice-7.pdf' }],
  } as never);
  expect(words.split(' ').map((word) => word.split(':')[0])).toEqual(
    expect.arrayContaining([
      "'o.neil@example.org'",
      "'support@example.com'",
      "'invoice'",
      "'again'",
    ]),
  );
  expect(words).toContain("'late':1,");
});

test('wordsOf() stays below what PostgreSQL takes, whatever somebody sends', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => `${at}😀字`).join(' ');
  const words = wordsOf({ email: { ...email, text: many }, attachments: [] } as never);
  expect(Buffer.byteLength(words)).toBeLessThan(1_000_000);
  expect(words).toContain('16383');
});

test('E13: wordsOf() has no empty word where nobody is named, which PostgreSQL would refuse', () => {
  const nobody = [{ name: '', address: '' }];
  const words = wordsOf({
    email: { ...email, from: nobody[0], to: nobody, text: 'late' },
    attachments: [],
  } as never);
  expect(words).not.toContain("''");
  expect(words).toContain("'late'");
});
