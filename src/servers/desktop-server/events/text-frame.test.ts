import { expect, test } from 'vitest';
import { textFrame } from './text-frame.ts';

test.each([
  ['', [0x81, 0]],
  ['a', [0x81, 1]],
  ['é'.repeat(62), [0x81, 124]],
  ['a'.repeat(125), [0x81, 125]],
  ['a'.repeat(126), [0x81, 126, 0, 126]],
  ['a'.repeat(65_535), [0x81, 126, 0xff, 0xff]],
  ['a'.repeat(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
])('textFrame() says how long the text is before it (case %#)', (text, header) => {
  expect(textFrame(text)).toEqual(Buffer.concat([Buffer.from(header), Buffer.from(text)]));
});
