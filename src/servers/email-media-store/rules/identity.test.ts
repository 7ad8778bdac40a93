import { expect, test } from 'vitest';
import { someMail, someStored } from '../testing/filing-facts.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import { filedMessageId, fingerprintOf } from './identity.ts';

const { messageId: _, ...unnamed } = someMail();
const stored = someStored();

test('E07: fingerprintOf() knows a mail again that its server numbered anew', () => {
  const again = { ...stored, key: 'imap:2:99', size: stored.size + 12 };
  expect(fingerprintOf(someMail(), again)).toBe(fingerprintOf(someMail(), stored));
});

test.each<[string, Partial<ParsedMail>]>([
  ['sender', { from: { name: '', address: 'customer2@customer.example' } }],
  ['subject', { subject: 'My other order' }],
  ['text', { text: 'Where is my other order?' }],
  ['date', { sentAt: 1 }],
  ['id', { messageId: 'm2@customer.example' }],
])('E07: fingerprintOf() tells mails apart by their %s', (_what, changes) => {
  expect(fingerprintOf(someMail(changes), stored)).not.toBe(fingerprintOf(someMail(), stored));
});

test('E09: fingerprintOf() tells mails without an id apart by when they were received', () => {
  const later = { ...stored, receivedAt: stored.receivedAt + 1_000 };
  expect(fingerprintOf(unnamed, later)).not.toBe(fingerprintOf(unnamed, stored));
  expect(fingerprintOf(unnamed, { ...stored, key: 'imap:2:99' })).toBe(
    fingerprintOf(unnamed, stored),
  );
});

test('E13: fingerprintOf() never takes one unreadable mail for another', () => {
  const { messageId: _id, ...unreadable } = someMail({ text: '', unreadable: 'It is broken' });
  const other = { ...stored, key: 'imap:1:2' };
  expect(fingerprintOf(unreadable, other)).not.toBe(fingerprintOf(unreadable, stored));
});

test('E09: filedMessageId() makes an id where there is none, or an empty one: the same every time', () => {
  for (const mail of [unnamed, { ...unnamed, messageId: '' }, { ...unnamed, messageId: ' \t' }]) {
    const id = filedMessageId(mail, fingerprintOf(mail, stored));
    expect(id).toMatch(/^[\w-]{43}@unidentified\.invalid$/);
    expect(filedMessageId(mail, fingerprintOf(mail, stored))).toBe(id);
  }
});

test('filedMessageId() leaves the sender’s as it is', () => {
  expect(filedMessageId(someMail(), 'x')).toBe('m1@customer.example');
});
