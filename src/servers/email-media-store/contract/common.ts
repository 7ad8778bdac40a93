import { z } from 'zod';
import { AgentId, ConversationId, DraftId, EmailId, MailboxId } from '#domain/ids.ts';

export const DESKTOP = ['desktop-server'] as const;
export const nothing = z.object({});

/** Who asks, and what they may see: the desktop server knows, this store only keeps it. */
export const By = z.string().min(1).max(120);

export const unknownConversation = {
  'unknown-conversation': z.object({ conversation: ConversationId }),
};
export const unknownEmail = { 'unknown-email': z.object({ email: EmailId }) };
export const unknownMailbox = { 'unknown-mailbox': z.object({ mailbox: MailboxId }) };
export const unknownDraft = { 'unknown-draft': z.object({ draft: DraftId }) };
export const notYours = { 'not-yours': z.object({ owner: AgentId.optional() }) };

/** Bytes of a file on their way, at most so many in one call. */
export const CHUNK_BYTES = 262_144;
export const Chunk = z.base64().max(Math.ceil(CHUNK_BYTES / 3) * 4);
