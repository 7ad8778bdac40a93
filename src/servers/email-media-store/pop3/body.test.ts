import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BODY_START, decodeBody } from './body.ts';

/** What a body becomes, and what follows it, when it comes in these pieces. */
function read(...chunks: readonly string[]): { body: string; rest: string | undefined } {
  let state = BODY_START;
  let body = '';
  for (const [index, chunk] of chunks.entries()) {
    const decoded = decodeBody(state, Buffer.from(chunk, 'latin1'));
    body += decoded.pieces.map((piece) => piece.toString('latin1')).join('');
    if (decoded.rest !== undefined) {
      const rest = decoded.rest.toString('latin1') + chunks.slice(index + 1).join('');
      return { body, rest };
    }
    expect(decoded.state.held.length).toBeLessThanOrEqual(4);
    state = decoded.state;
  }
  return { body, rest: undefined };
}

/** As a server sends it (RFC 1939 §3). */
const stuffed = (body: string): string => {
  const lines = body === '' || body.endsWith('\r\n') ? body : `${body}\r\n`;
  return `${lines.startsWith('.') ? '.' : ''}${lines.replaceAll('\r\n.', '\r\n..')}.\r\n`;
};

test.for<[string, string, string | undefined]>([
  ['.\r\n', '', ''],
  ['.\r\n+OK\r\n', '', '+OK\r\n'],
  ['one\r\n.\r\n', 'one\r\n', ''],
  ['..\r\n..two\r\n...\r\n.\r\nrest', '.\r\n.two\r\n..\r\n', 'rest'],
  ['\r\n\r\n.\r\n', '\r\n\r\n', ''],
  ['a\n.\nb\r.\rc\r\n.\r\n', 'a\n.\nb\r.\rc\r\n', ''],
  ['a\n.\r\n\r\n.\r\n', 'a\n.\r\n\r\n', ''],
  ['a\r.\r\n.\r\n', 'a\r.\r\n', ''],
  ['\u00E9\u00FF\u0000\r\n.\r\n', '\u00E9\u00FF\u0000\r\n', ''],
  ['.\rx\r\n.\r\n', '\rx\r\n', ''],
  ['no end\r\n.', 'no end', undefined],
])('decodeBody() reads %j', ([wire, body, rest]) => {
  expect(read(wire)).toEqual({ body, rest });
});

test('decodeBody() reads the same however TCP cuts it', () => {
  const body = '.\r\n..two\r\n\r\n.three\rfour\n.five\r\n\r\r\n.\r\n';
  const wire = `${stuffed(body)}+OK`;
  for (let first = 0; first <= wire.length; first++) {
    for (let second = first; second <= wire.length; second++) {
      const cut = [wire.slice(0, first), wire.slice(first, second), wire.slice(second)];
      expect(read(...cut)).toEqual({ body, rest: '+OK' });
    }
  }
  expect(read(...wire.split(''))).toEqual({ body, rest: '+OK' });
});

test('decodeBody() gives back any bytes that a server stuffed', () => {
  const line = fc.array(fc.constantFrom('.', '\r', '\n', 'a', '\u00FF', '\r\n.', '\r\n'));
  fc.assert(
    fc.property(line, fc.nat(40), (parts, cut) => {
      const body = `${parts.join('')}\r\n`;
      const wire = stuffed(body);
      expect(read(wire.slice(0, cut), wire.slice(cut))).toEqual({ body, rest: '' });
    }),
    { numRuns: 500 },
  );
});
