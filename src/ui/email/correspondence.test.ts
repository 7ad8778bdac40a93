import { expect, test } from 'vitest';
import type { Email, EmailConversation } from '#domain/email/email.ts';
import { EMPTY_CORRESPONDENCE, nextCorrespondence } from './correspondence.ts';

const conversation = { writers: [] } as unknown as EmailConversation;
const email = (number: number, more: Partial<Email> = {}): Email =>
  ({ id: `e${number}`, number, direction: 'in', ...more }) as Email;
const read = (emails: readonly Email[]) =>
  ({ type: 'read', conversation, emails, notes: [] }) as const;

test('nextCorrespondence() keeps the order, and takes what was read last', () => {
  const first = nextCorrespondence(EMPTY_CORRESPONDENCE, read([email(2), email(1)]));
  const second = nextCorrespondence(first, read([email(3), email(2, { subject: 'changed' })]));
  expect(second.emails).toEqual([email(1), email(2, { subject: 'changed' }), email(3)]);
});
