import { Refusal } from '#base/refusal.ts';
import type { AgentId, ConversationId, EmailId, MailboxId } from '#domain/ids.ts';

export const unknownConversation = (conversation: ConversationId): Refusal =>
  new Refusal('unknown-conversation', `There is no conversation "${conversation}"`, {
    conversation,
  });

export const unknownEmail = (email: EmailId): Refusal =>
  new Refusal('unknown-email', `There is no e-mail "${email}"`, { email });

export const unknownMailbox = (mailbox: MailboxId): Refusal =>
  new Refusal('unknown-mailbox', `There is no mailbox "${mailbox}"`, { mailbox });

/** Whose it is instead is nobody's business. */
export const writtenByAnother = (): Refusal =>
  new Refusal('not-yours', 'Another agent has written this', {});

export const notYours = (owner: AgentId | undefined): Refusal =>
  new Refusal(
    'not-yours',
    owner ? `This conversation is with "${owner}"` : 'Nobody owns this conversation now',
    { owner },
  );
