import { expect, test } from 'vitest';
import { days } from '#base/time.ts';
import { newId } from '#base/id.ts';
import { ConversationId, EntryPointId } from '#domain/ids.ts';
import { issueToken, readToken } from './session-token.ts';

const key = Buffer.alloc(32, 7);
const web = EntryPointId.parse('web');
const conversation = ConversationId.parse(newId());
const now = Date.UTC(2026, 0, 1);
const token = issueToken(key, conversation, web, now);

test('readToken() reads what issueToken() made, for its lifetime', () => {
  expect(readToken(key, token, web, now + days(7), days(7))).toEqual({
    conversation,
    issuedAt: now,
  });
  expect(readToken(key, token, web, now + days(7) + 1, days(7))).toBeUndefined();
});

test.each([
  ['of another entry point', token, EntryPointId.parse('shop'), key],
  ['signed under another key', token, web, Buffer.alloc(32, 8)],
  ['that was cut', token.slice(0, -4), web, key],
  ['that is empty', '', web, key],
  ['that is nonsense', '<script>', web, key],
])('readToken() refuses a token %s', (_what, given, entryPoint, under) => {
  expect(readToken(under, given, entryPoint, now, days(7))).toBeUndefined();
});

test('readToken() refuses a token in which any one byte was changed', () => {
  const bytes = Buffer.from(token, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
    expect(readToken(key, changed.toString('base64url'), web, now, days(7))).toBeUndefined();
  }
});
