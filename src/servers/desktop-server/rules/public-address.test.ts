import { expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';

test.each([
  '127.0.0.1',
  '127.8.9.1',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fd00::1',
  'fec0::1',
  'ff02::1',
  '2002:7f00:1::',
  '2001:db8::1',
  '2001:0:1::1',
])('isPublicAddress() refuses %s', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '8.8.8.8',
  '172.32.0.1',
  '192.0.3.1',
  '100.128.0.1',
  '2a00:1450:4001::1',
  '2606:4700::1111',
])('isPublicAddress() lets %s through', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
