import { expect, test } from 'vitest';
import { contactAddress } from './contact-address.ts';

test.each([
  [
    { channel: 'web-chat', customerName: '', customerAddress: ' a@b.example ' },
    { kind: 'email', value: 'a@b.example' },
  ],
  [
    { channel: 'web-chat', customerName: 'Customer 1', visitor: 'v1' },
    { kind: 'chat', value: 'v1' },
  ],
  [{ channel: 'web-chat', customerName: ' ', visitor: 'v1' }, undefined],
  [{ channel: 'web-chat', customerName: 'Customer 1' }, undefined],
  [
    { channel: 'web-chat', customerName: '', customerAddress: '+49 30 123456' },
    { kind: 'phone', value: '+49 30 123456' },
  ],
  [
    { channel: 'sms', customerName: '', customerAddress: '+4930123456' },
    { kind: 'sms', value: '+4930123456' },
  ],
  [
    { channel: 'xmpp', customerName: '', customerAddress: 'c@chat.example' },
    { kind: 'xmpp', value: 'c@chat.example' },
  ],
] as const)('contactAddress() of %j is %j', (customer, expected) => {
  expect(contactAddress(customer)).toEqual(expected);
});
