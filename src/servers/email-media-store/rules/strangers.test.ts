import { expect, test } from 'vitest';
import { MailboxId } from '#domain/ids.ts';
import { isStranger } from './strangers.ts';

const ours = (address: string): MailboxId | undefined =>
  address === 'support@shop.example' ? MailboxId.parse('support') : undefined;

const conversation = {
  customer: { name: 'Customer 1', address: 'Customer1@Firm.Example' },
  participants: ['partner@gmail.com', 'support@shop.example'],
};

test.each([
  ['the customer, in any case', ' CUSTOMER1@firm.example', false],
  ['somebody who was written to', 'partner@gmail.com', false],
  ['a colleague', 'colleague@firm.example', false],
  ['a machine of the organisation', 'scanner@print.firm.example', false],
  ['somebody of the same mail provider', 'other@gmail.com', true],
  ['somebody else', 'somebody@elsewhere.example', true],
  ['a domain that only ends alike', 'somebody@otherfirm.example', true],
  ['a domain above', 'somebody@example', true],
  ['ourselves', 'support@shop.example', true],
  ['somebody of our domain', 'boss@shop.example', true],
  ['nobody', '', true],
])('E17: isStranger() asked of %s', (_, address, expected) => {
  expect(isStranger(address, conversation, ours)).toBe(expected);
});

test('isStranger() takes an erased conversation for nobody’s', () => {
  const erased = { customer: { name: '', address: '' }, participants: [] };
  expect(isStranger('', erased, ours)).toBe(true);
  expect(isStranger('customer1@firm.example', erased, ours)).toBe(true);
});
