import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { ConversationId, EmailId } from '#domain/ids.ts';
import {
  messageIdOf,
  openMailTokens,
  replyAddressOf,
  tokenOfAddress,
  tokenOfMessageId,
} from './token.ts';

const tokens = openMailTokens(Buffer.alloc(32, 1));
const conversation = ConversationId.parse(newId());
const email = EmailId.parse(newId());

test('verify() knows what sign() gave, in any case of its letters', () => {
  const property = fc.property(fc.uuid(), (id) => {
    const token = tokens.sign(ConversationId.parse(id));
    return tokens.verify(token) === id && tokens.verify(token.toUpperCase()) === id;
  });
  expect(() => fc.assert(property)).not.toThrow();
});

test('E17: verify() knows no token in which any one character is another', () => {
  const token = tokens.sign(conversation);
  for (let at = 0; at < token.length; at++) {
    for (const other of 'abcdefghijklmnopqrstuvwxyz234567') {
      if (other === token[at]) continue;
      expect(tokens.verify(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
    }
  }
});

test('E17: verify() knows no token of another installation', () => {
  const theirs = openMailTokens(Buffer.alloc(32, 2));
  expect(tokens.verify(theirs.sign(conversation))).toBeUndefined();
});

test('verify() never throws, and knows nothing that was not signed', () => {
  const property = fc.property(fc.string(), (text) => tokens.verify(text) === undefined);
  expect(() => fc.assert(property)).not.toThrow();
});

test('messageIdOf() is stable, names the e-mail, and gives its token back', () => {
  const id = messageIdOf(tokens, email, conversation, 'support@shop.example');
  expect(id).toBe(`${email}.${tokens.sign(conversation)}@shop.example`);
  expect(tokens.verify(tokenOfMessageId(id) ?? '')).toBe(conversation);
  expect(id.length).toBeLessThan(200);
});

test('replyAddressOf() gives an address that mail servers take, and its token back', () => {
  const address = replyAddressOf(tokens, conversation, 'support@shop.example') ?? '';
  expect(address).toMatch(/^support\+[a-z2-7]{43}@shop\.example$/);
  expect(tokens.verify(tokenOfAddress(address.toUpperCase()) ?? '')).toBe(conversation);
});

test('replyAddressOf() gives none where it would be longer than RFC 5321 lets it', () => {
  const local = 'customer.service.department';
  expect(replyAddressOf(tokens, conversation, `${local}@shop.example`)).toBeUndefined();
});

test.each(['', 'x', '@', 'ticket-4711@shop.example', `${newId()}@shop.example`, `${newId()}.a@b`])(
  'E17: tokenOfMessageId() finds none in "%s"',
  (id) => {
    expect(tokenOfMessageId(id)).toBeUndefined();
    expect(tokenOfAddress(id)).toBeUndefined();
  },
);
