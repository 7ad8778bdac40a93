import { expect, test } from 'vitest';
import { linkedText } from './linked-text.ts';

const links = (text: string): string[] => linkedText(text).flatMap(({ link }) => link ?? []);

test.each([
  ['see https://a.example/x.', ['https://a.example/x']],
  ['(https://a.example/x)', ['https://a.example/x']],
  ['https://a.example/x_(y), and more', ['https://a.example/x_(y)']],
  ['HTTP://A.example?', ['http://a.example/']],
  ['two: http://a.example http://b.example!', ['http://a.example/', 'http://b.example/']],
  ['javascript:alert(1) data:text/html,x file:///etc', []],
  ['https://', []],
  ['<a href="https://a.example/">x</a>', ['https://a.example/']],
  ['nothing', []],
])('linkedText() of %j finds %j', (text, expected) => {
  expect(links(text)).toEqual(expected);
});

test('linkedText() loses nothing of the text', () => {
  const text = '<b>x</b> https://a.example/?q="1" and https://user:pass@[bad end. ';
  const whole = linkedText(text).map((part) => part.text);
  expect(whole.join('')).toBe(text);
});
