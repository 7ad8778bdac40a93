import { expect, test } from 'vitest';
import { hours } from '#base/time.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import { NOW, QUIET, someConfiguration, someMail } from '../testing/filing-facts.ts';
import { whyNotAnswered, type AnswerFacts } from './may-answer.ts';
import { ourAddresses } from './our-addresses.ts';

const ours = ourAddresses(someConfiguration());
const { automation } = someMail();

const why = (mail: Partial<ParsedMail>, facts: Partial<AnswerFacts> = {}) =>
  whyNotAnswered({
    at: NOW,
    mail: someMail(mail),
    nature: 'personal',
    customer: someMail(mail).from,
    ours,
    isAddressee: (address) => ours(address) !== undefined,
    traffic: QUIET,
    ...facts,
  });
const answeredAt = (at: number) => ({ traffic: { ...QUIET, answeredAt: at } });
const from = (address: string) => ({ from: { name: '', address } });

test('whyNotAnswered() has nothing against a person who wrote to us', () => {
  expect(why({})).toBeUndefined();
  expect(why({ to: [], cc: [{ name: '', address: 'SUPPORT+x@shop.example' }] })).toBeUndefined();
  expect(why({}, answeredAt(NOW - hours(24)))).toBeUndefined();
  expect(why({ automation: { ...automation, suppress: 'dr, rn, nrn' } })).toBeUndefined();
  expect(why(from('norbert@customer.example'))).toBeUndefined();
});

test.each<[string, Partial<ParsedMail>, Partial<AnswerFacts>, string]>([
  ['a list', {}, { nature: 'list' }, 'no person wrote it'],
  ['an automatic answer', {}, { nature: 'auto-reply' }, 'no person wrote it'],
  ['a report', {}, { nature: 'bounce' }, 'no person wrote it'],
  ['our own mail', {}, { nature: 'own' }, 'no person wrote it'],
  ['no sender', from(''), {}, 'it has no sender'],
  [
    'no envelope sender',
    { automation: { ...automation, hasNullSender: true } },
    {},
    'its envelope has no sender',
  ],
  [
    'an answer that would come back to us',
    {},
    { customer: { name: '', address: 'billing+x@shop.example' } },
    'the answer would go to a mailbox of ours',
  ],
  [
    'Exchange asking for none',
    { automation: { ...automation, suppress: 'oof, autoreply' } },
    {},
    'X-Auto-Response-Suppress asks for none',
  ],
  [
    'a blind copy',
    { to: [{ name: '', address: 'x@y.example' }] },
    {},
    'it is not addressed to us by name',
  ],
  [
    'a second one within a day',
    {},
    answeredAt(NOW - hours(24) + 1),
    'they had an automatic answer within a day',
  ],
])('E19: whyNotAnswered() keeps us from answering %s', (_, mail, facts, expected) => {
  expect(why(mail, facts)).toBe(expected);
});

test.each([
  'noreply',
  'no-reply',
  'No_Reply',
  'do-not-reply',
  'donotreply',
  'noreply-orders',
  'mailer-daemon',
  'postmaster',
  'bounces',
  'bounce-4711',
  'bounces+4711',
  'owner-list',
  'list-owner',
  'list-request',
  'list-bounces',
  'notifications',
])('E19: whyNotAnswered() keeps us from answering "%s"', (local) => {
  const address = `${local}@elsewhere.example`;
  expect(why(from(address))).toBe(`nobody reads "${address.toLowerCase()}"`);
});

test('E19: whyNotAnswered() keeps us from answering ticket systems that write from ever new addresses', () => {
  const traffic = { ...QUIET, answeredDomainAt: Array(5).fill(NOW - hours(1) + 1) };
  expect(why(from('ticket-6@elsewhere.example'), { traffic })).toBe(
    '"elsewhere.example" had 5 automatic answers within an hour',
  );
  expect(why(from('customer6@gmail.com'), { traffic })).toBeUndefined();
  const earlier = { ...QUIET, answeredDomainAt: Array(5).fill(NOW - hours(1)) };
  expect(why(from('ticket-6@elsewhere.example'), { traffic: earlier })).toBeUndefined();
});
