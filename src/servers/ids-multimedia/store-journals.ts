import { EmailRecord } from '#servers/email-media-store/contract.ts';
import { MessagingRecord } from '#servers/simple-messaging-media-store/contract.ts';
import { conversationChanges, emailChanges } from './rules/conversations.ts';
import type { StoreJournal } from './store-follower.ts';

/** Chat and its like. */
export const MESSAGING: StoreJournal<MessagingRecord> = {
  stream: 'simple-messaging-media-store',
  record: MessagingRecord,
  changes: conversationChanges,
};

export const EMAIL: StoreJournal<EmailRecord> = {
  stream: 'email-media-store',
  record: EmailRecord,
  changes: emailChanges,
};
