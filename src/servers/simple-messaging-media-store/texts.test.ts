import { expect, test } from 'vitest';
import { Texts } from './texts.ts';

test('Texts keeps the newest texts up to so many characters', () => {
  const texts = new Texts(10);
  const held = ['aaaa', 'bbbb', 'cccc', 'dd'].map((text) => texts.hold(text));
  expect(held.map((each) => each.text)).toEqual([undefined, 'bbbb', 'cccc', 'dd']);
});

test('Texts goes on for ever in bounded room, and forgets all when told to', () => {
  const texts = new Texts(100);
  const held = Array.from({ length: 10_000 }, (_, at) => texts.hold(`${at}`.padStart(10)));
  expect(held.filter((each) => each.text !== undefined)).toEqual(held.slice(-10));
  texts.clear();
  expect(held.filter((each) => each.text !== undefined)).toEqual([]);
  expect(texts.hold('new').text).toBe('new');
});
