import { expect, test } from 'vitest';
import { looksLikeAddress, parseAddresses } from './addresses.ts';

test.each([
  ['a@example.com', [{ name: '', address: 'a@example.com' }]],
  [
    'a@example.com, b@example.com; c@example.com\nd@example.com',
    ['a', 'b', 'c', 'd'].map((local) => ({ name: '', address: `${local}@example.com` })),
  ],
  ['Customer 1 <c1@example.com>', [{ name: 'Customer 1', address: 'c1@example.com' }]],
  [
    '"Shop, Ltd" <shop@example.com>, x@example.com',
    [
      { name: 'Shop, Ltd', address: 'shop@example.com' },
      { name: '', address: 'x@example.com' },
    ],
  ],
  [' , ;', []],
])('parseAddresses() reads %j', (typed, addresses) => {
  expect(parseAddresses(typed)).toEqual(addresses);
});

test('looksLikeAddress() knows an address from a word', () => {
  expect(['a@b.c', 'a@b', 'word', 'a b@c.d'].map(looksLikeAddress)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
