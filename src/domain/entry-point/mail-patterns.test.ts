import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { closenessOf, folded, holdsWords } from './mail-patterns.ts';

test.each([
  ['Invoice 4711 is wrong', 'invoice', true],
  ['My INVOICE', 'invoice', true],
  ['Invoices', 'invoice', false],
  ['My new  order', 'new order', true],
  ['Order-number', 'order', true],
  ['Geschäftsführung', 'führung', false],
  ['Die Führung', 'führung', true],
  ['Die Fu\u0308hrung', 'Führung', true],
  ['C++ and C#', 'c++', true],
  ['返品について', '返品', true],
  ['請求書の返品', '返品', true],
  ['ﬁne', 'fine', true],
  ['', 'invoice', false],
  ['Invoice', '', false],
  ['orders order', 'order', true],
  ['𝒳order order', 'order', true],
])('holdsWords() looks through "%s" for "%s": %s', (text, words, expected) => {
  expect(holdsWords(folded(text), folded(words))).toBe(expected);
});

test.each([
  ['Support@Shop.example', 'support@shop.EXAMPLE', 4],
  ['support+*@shop.example', 'support+order@shop.example', 3],
  ['*@shop.example', 'support@shop.example', 3],
  ['s*+*t@shop.example', 'support+rest@shop.example', 3],
  ['support@shop.example', 'support+order@shop.example', 2],
  ['@shop.example', 'anybody@shop.example', 1],
  ['@shop.example', 'anybody@mail.shop.example', 0],
  ['support@shop.example', 'xsupport@shop.example', 0],
  ['support+*@shop.example', 'support@shop.example', 0],
  ['a*a@shop.example', 'a@shop.example', 0],
  ['support@shop.example', 'support@shop.example@elsewhere.example', 0],
  ['support', 'support@shop.example', 0],
  ['@', 'nothing', 0],
])('closenessOf() the pattern "%s" to "%s" is %i', (pattern, address, expected) => {
  expect(closenessOf(pattern, address)).toBe(expected);
});

test('closenessOf() takes a star for anything, and any text for itself', () => {
  const piece = fc.stringMatching(/^[a-z.+-]{0,6}$/);
  const property = fc.property(
    fc.array(piece, { minLength: 1, maxLength: 5 }),
    piece,
    (pieces, fill) => {
      const pattern = `${pieces.join('*')}@shop.example`;
      const text = `${pieces.join(fill)}@shop.example`;
      return pieces.join('') === '' ? true : closenessOf(pattern, text) > 0;
    },
  );
  expect(() => fc.assert(property)).not.toThrow();
});
