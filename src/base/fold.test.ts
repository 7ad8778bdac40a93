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
