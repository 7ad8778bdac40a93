import { expect, test } from 'vitest';
import { fold } from './fold.ts';

test.each([
  ['Müller', 'muller'],
  ['MÜLLER', 'muller'],
  ['Straße', 'strasse'],
  ['Ærøskøbing', 'aeroskobing'],
  ['Łódź', 'lodz'],
  ['İstanbul ılık', 'istanbul ilik'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
  ['山田 太郎', '山田 太郎'],
])('fold(%j) is %j', (text, folded) => {
  expect(fold(text)).toBe(folded);
});

test('fold() makes the same of a letter, its capital and its small form', () => {
  const letters = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
  const differing = letters.filter((letter) =>
    [letter.toUpperCase(), letter.toLowerCase(), fold(letter)].some(
      (form) => fold(form) !== fold(letter),
    ),
  );
  expect(differing).toEqual([]);
});
