import { expect, test } from 'vitest';
import { maskCardNumbers } from './card-numbers.ts';

test.each([
  ['4111111111111111', '••••••••••••1111'],
  ['my card 4111 1111 1111 1111, thanks', 'my card •••• •••• •••• 1111, thanks'],
  ['card5500-0000-0000-0004.', 'card••••-••••-••••-0004.'],
  ['378282246310005 and 4222222222222', '•••••••••••0005 and •••••••••2222'],
  ['4111111111111111 123', '••••••••••••1111 123'],
  ['4111 1111 1111 1111 5500 0000 0000 0004', '•••• •••• •••• 1111 •••• •••• •••• 0004'],
  ['6304000000000000000', '•••••••••••••••0000'],
])('maskCardNumbers() hides the number in %s', (text, masked) => {
  expect(maskCardNumbers(text)).toBe(masked);
});

test.each([
  'call 0170 1234567 today',
  '4111111111111112',
  '0000000000000000',
  'order 12345678901234567890123',
  '01936b3c-4111-7111-8111-111111111111',
  `at ${Date.UTC(2026, 0, 1)}`,
  '',
])('maskCardNumbers() leaves %s alone', (text) => {
  expect(maskCardNumbers(text)).toBe(text);
});

test('maskCardNumbers() takes no time over a long text of digits', () => {
  expect(maskCardNumbers('1'.repeat(32_000))).toHaveLength(32_000);
  expect(maskCardNumbers('1 '.repeat(16_000))).toHaveLength(32_000);
});
