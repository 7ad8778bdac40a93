import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';

const lines: Line[] = [{ hello: { stream: 'Grüße 😀' } }, { n: 1, event: { text: 'a\nb' } }, {}];
const wire = Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\r\n')}\n\n`);

function read(bytes: readonly Buffer[], lineBytes = 100): Line[] {
  const seen: Line[] = [];
  const splitter = new LineSplitter(lineBytes);
  for (const part of bytes) splitter.push(part, (line) => seen.push(line));
  return seen;
}

test('LineSplitter reads the same lines however TCP cuts them, and skips empty ones', () => {
  for (let cut = 0; cut <= wire.length; cut++) {
    expect(read([wire.subarray(0, cut), wire.subarray(cut)])).toEqual(lines);
  }
  expect(read(Array.from(wire, (byte) => Buffer.of(byte)))).toEqual(lines);
});

test('LineSplitter refuses a line over its bound before it is complete', () => {
  const long = Buffer.from(`{"a":"${'x'.repeat(92)}"}`); // exactly 100 bytes
  expect(read([long, Buffer.from('\n')])).toHaveLength(1);
  expect(() => read([long, Buffer.from(' ')])).toThrow('over 100 bytes');
  expect(() => read(Array.from({ length: 101 }, () => Buffer.from(' ')))).toThrow('over 100 bytes');
});

test.each([
  ['[1]', 'not a JSON object'],
  ['null', 'not a JSON object'],
  ['{"a":', 'not JSON'],
  ['nonsense', 'not JSON'],
])('LineSplitter refuses %s', (text, reason) => {
  expect(() => read([Buffer.from(`${text}\n`)])).toThrow(reason);
});

test('LineSplitter refuses what is not UTF-8', () => {
  expect(() => read([Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d, 0x0a])])).toThrow('not JSON');
});
