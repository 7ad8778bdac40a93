import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLinks } from './links.ts';

test('splitLinks() finds addresses and leaves the full stop behind them', () => {
  expect(splitLinks('See https://example.org/a?b=1. Or (http://example.org/b)!')).toEqual([
    { text: 'See ', isLink: false },
    { text: 'https://example.org/a?b=1', isLink: true },
    { text: '. Or (', isLink: false },
    { text: 'http://example.org/b', isLink: true },
    { text: ')!', isLink: false },
  ]);
});

test('splitLinks() makes no link of a script', () => {
  expect(splitLinks('javascript:alert(1)')).toEqual([
    { text: 'javascript:alert(1)', isLink: false },
  ]);
});

test('splitLinks() loses nothing of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const around = `${text} https://example.org/${text} ${text}`;
      expect(
        splitLinks(around)
          .map((part) => part.text)
          .join(''),
      ).toBe(around);
    }),
  );
});
