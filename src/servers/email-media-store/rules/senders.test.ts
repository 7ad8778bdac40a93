import { expect, test } from 'vitest';
import { isNamed } from './senders.ts';

const list = ['Customer1@Firm.example', '@partner.example'];

test.each([
  ['customer1@firm.example', true],
  [' CUSTOMER1@FIRM.EXAMPLE ', true],
  ['anybody@partner.example', true],
  ['anybody@mail.partner.example', false],
  ['customer2@firm.example', false],
  ['customer1@firm.example@elsewhere.example', false],
  ['', false],
])('isNamed() of "%s" is %s', (address, expected) => {
  expect(isNamed(list, address)).toBe(expected);
});

test('isNamed() by an empty list is nobody', () => {
  expect(isNamed([], '')).toBe(false);
});
