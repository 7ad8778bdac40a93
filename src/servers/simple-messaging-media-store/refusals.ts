import { Refusal } from '#base/refusal.ts';
import type { AgentId, ConversationId, EntryPointId } from '#domain/ids.ts';

export const unknownConversation = (conversation: ConversationId): Refusal =>
  new Refusal('unknown-conversation', `There is no conversation "${conversation}"`, {
    conversation,
  });

export const conversationEnded = (conversation: ConversationId): Refusal =>
  new Refusal('conversation-ended', 'This conversation is over', { conversation });

export const notYours = (owner: AgentId | undefined): Refusal =>
  new Refusal(
    'not-yours',
    owner ? `This conversation is with "${owner}"` : 'Nobody owns this conversation now',
    { owner },
  );

export const unknownEntryPoint = (entryPoint: EntryPointId): Refusal =>
  new Refusal('unknown-entry-point', `There is no entry point "${entryPoint}"`, { entryPoint });

export const busy = (): Refusal =>
  new Refusal('busy', 'Too much waits for the database: try again in a moment');

export const invalid = (what: string): Refusal =>
  new Refusal('invalid-params', `Cannot accept the message: ${what}`);
