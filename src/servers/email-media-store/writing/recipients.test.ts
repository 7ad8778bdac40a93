import { expect, test } from 'vitest';
import type { Email } from '#domain/email/email.ts';
import { MailboxId } from '#domain/ids.ts';
import type { OurAddresses } from '../rules/our-addresses.ts';
import { isSendable, recipientsOf } from './recipients.ts';

const ours: OurAddresses = (address) =>
  address.toLowerCase().endsWith('@shop.example') ? MailboxId.parse('support') : undefined;
const people = (...addresses: string[]) => addresses.map((address) => ({ name: '', address }));
const email = (changes: Partial<Email>): Email =>
  ({
    direction: 'in',
    from: { name: '', address: 'customer@x.example' },
    replyTo: [],
    to: people('support@shop.example'),
    cc: [],
    ...changes,
  }) as Email;

test.each([
  ['reply', 'the sender', {}, ['customer@x.example'], []],
  [
    'reply',
    'Reply-To, where there is one',
    { replyTo: people('other@x.example') },
    ['other@x.example'],
    [],
  ],
  [
    'reply',
    'the customer of a web form, which writes in our own name',
    { from: { name: '', address: 'Support@Shop.example' }, replyTo: people('customer@x.example') },
    ['customer@x.example'],
    [],
  ],
  [
    'reply',
    'those to whom one wrote',
    {
      direction: 'out',
      from: people('support@shop.example')[0],
      to: people('a@x.example', 'b@x.example'),
    },
    ['a@x.example', 'b@x.example'],
    [],
  ],
  [
    'reply-all',
    'everybody once, and not ourselves',
    {
      to: people('support@shop.example', 'a@x.example', 'CUSTOMER@x.example'),
      cc: people('b@x.example', 'a@x.example', 'billing@shop.example'),
    },
    ['customer@x.example'],
    ['a@x.example', 'b@x.example'],
  ],
  [
    'reply-all',
    'all to whom one wrote',
    { direction: 'out', to: people('a@x.example'), cc: people('b@x.example') },
    ['a@x.example'],
    ['b@x.example'],
  ],
  ['forward', 'nobody yet', {}, [], []],
  [
    'reply',
    'ourselves, where there is nobody else',
    { from: { name: '', address: 'billing@shop.example' } },
    ['billing@shop.example'],
    [],
  ],
] as const)('recipientsOf() a %s: %s', (kind, _, changes, to, cc) => {
  const found = recipientsOf(kind, email(changes as unknown as Partial<Email>), ours);
  expect([found.to, found.cc].map((list) => list.map(({ address }) => address))).toEqual([to, cc]);
});

test.each([
  ['customer@x.example', true],
  ['first.last+tag@sub.x.example', true],
  ['kunde@bücher.example', true],
  ['用户@例子.example', true],
  ['customer', false],
  ['customer@', false],
  ['@x.example', false],
  ['a b@x.example', false],
  ['a@x.example\r\nRCPT TO:<b@x.example>', false],
  ['<a@x.example>', false],
  ['a@x.example,b@x.example', false],
  ['a..b@x.example', false],
  ['.a@x.example', false],
  ['a@x..example', false],
  [`${'a'.repeat(65)}@x.example`, false],
  [`a@${'x'.repeat(260)}`, false],
])('isSendable(%j) is %s', (address, sendable) => {
  expect(isSendable(address)).toBe(sendable);
});
