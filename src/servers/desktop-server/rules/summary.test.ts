import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { ConversationId } from '#domain/ids.ts';
import type { Party } from '#domain/message.ts';
import type { MessagingEvent } from '#servers/simple-messaging-media-store/contract.ts';
import { EMPTY_DIGEST, mergeDigests, nextDigest } from './summary.ts';

const conversation = ConversationId.parse(newId());

const posted = (from: Party, number: number): MessagingEvent => ({
  type: 'message-posted',
  message: { conversation, number, id: String(number), from, text: `text ${number}`, at: 0 },
});

const read = (agentRead: number): MessagingEvent => ({
  type: 'marked',
  conversation,
  marks: { customerDelivered: 0, customerRead: 0, agentDelivered: 0, agentRead },
});

test('nextDigest() counts what the agent has not read', () => {
  const events = [posted('customer', 1), posted('customer', 2), posted('system', 3), read(2)];
  let digest = EMPTY_DIGEST;
  const counts = [...events, posted('customer', 4), posted('agent', 5)].map((event, at) => {
    digest = nextDigest(digest, at + 1, event);
    return digest.unread;
  });
  expect(counts).toEqual([1, 2, 2, 1, 2, 0]);
  expect(digest).toMatchObject({ text: 'text 5', lastFrom: 'agent', lastNumber: 5 });
});

test('nextDigest() gives the same digest for what lists do not show', () => {
  const end: MessagingEvent = { type: 'conversation-ended', conversation, by: 'customer' };
  expect(nextDigest(EMPTY_DIGEST, 1, end)).toBe(EMPTY_DIGEST);
});

test('mergeDigests() takes of what was read and what came meanwhile the newer', () => {
  const stored = { ...EMPTY_DIGEST, title: 'Customer 1', text: 'old', position: 5 };
  const live = { ...EMPTY_DIGEST, text: 'new', position: 6 };
  expect(mergeDigests(stored, live)).toEqual({ ...live, title: 'Customer 1' });
  expect(mergeDigests(stored, { ...live, position: 4 })).toBe(stored);
  expect(mergeDigests(stored, undefined)).toBe(stored);
});
