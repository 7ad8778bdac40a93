/** What has come in and gone out, for those who look at it. */
import { z } from 'zod';
import {
  AgentId,
  ContactId,
  ConversationId,
  EmailId,
  Instant,
  MailboxId,
  QueueId,
} from '#domain/ids.ts';
import { Email, EmailConversation } from '#domain/email/email.ts';
import { Chunk, DESKTOP, notYours, nothing, unknownConversation, unknownEmail } from './common.ts';

const Note = z.object({ agent: AgentId, note: z.string(), at: Instant });

/** One e-mail that a search found. */
export const Found = z.object({
  email: EmailId,
  conversation: ConversationId,
  mailbox: MailboxId,
  direction: z.enum(['in', 'out']),
  subject: z.string(),
  customer: z.string(),
  at: Instant,
  /** Where the words stand, with them between `«` and `»`. */
  excerpt: z.string(),
});
export type Found = z.infer<typeof Found>;

export const READING_METHODS = {
  /** Where a conversation goes on: the one that it was merged into, or itself. Who may read it is decided of that one. */
  current: {
    params: z.object({ conversation: ConversationId }),
    result: z.object({ conversation: ConversationId }),
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * One conversation with its e-mails behind number `since`, oldest first, at most 100, or with `email` alone;
   * and its notes.
   */
  read: {
    params: z.object({
      conversation: ConversationId,
      since: z.int().min(0).default(0),
      email: EmailId.optional(),
    }),
    result: z.object({
      conversation: EmailConversation,
      emails: z.array(Email),
      notes: z.array(Note),
      /** The journal's position that this answer reflects. */
      position: z.int(),
    }),
    errors: unknownConversation,
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * The HTML of an e-mail of this conversation, cleaned: no scripts, forms, frames or styles that reach outside. Inline images are
   * `cid:` as their sender wrote them. Remote images are left out unless `remoteImages`; `hasRemote` says
   * whether there are any.
   */
  html: {
    params: z.object({
      conversation: ConversationId,
      email: EmailId,
      remoteImages: z.boolean().default(false),
    }),
    result: z.object({ html: z.string(), hasRemote: z.boolean() }),
    errors: unknownEmail,
    roles: DESKTOP,
    idempotent: true,
  },
  /** Why an e-mail that came in was filed as it was, in plain words; empty of what was sent from here, and once erased. */
  why: {
    params: z.object({ conversation: ConversationId, email: EmailId }),
    result: z.object({ reasons: z.array(z.string()) }),
    errors: unknownEmail,
    roles: DESKTOP,
    idempotent: true,
  },
  /** A piece of an attachment, or of the whole original where `attachment` is left out. `next` is missing at the end. */
  bytes: {
    params: z.object({
      conversation: ConversationId,
      email: EmailId,
      attachment: z.string().min(1).max(64).optional(),
      offset: z.int().min(0).default(0),
    }),
    result: z.object({
      name: z.string(),
      type: z.string(),
      size: z.int(),
      bytes: Chunk,
      next: z.int().optional(),
    }),
    errors: {
      ...unknownEmail,
      'unknown-attachment': z.object({ attachment: z.string() }),
      /** A scanner found something in it. */
      infected: z.object({ attachment: z.string() }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /** What a list shows of conversations: what a person wrote last, not an automatic answer. Unknown ids are left out. */
  summarise: {
    params: z.object({ conversations: z.array(ConversationId).max(1_000) }),
    result: z.object({
      summaries: z.array(
        z.object({
          conversation: EmailConversation,
          lastText: z.string(),
          lastFrom: z.enum(['customer', 'agent']).optional(),
        }),
      ),
      position: z.int(),
    }),
    roles: DESKTOP,
    idempotent: true,
  },
  /** Conversations with a contact, newest first, those before `before` when given. */
  ofContact: {
    params: z.object({
      contact: ContactId,
      before: Instant.optional(),
      limit: z.int().min(1).max(200).default(50),
    }),
    result: z.object({ conversations: z.array(EmailConversation) }),
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Finds e-mails, newest first. `text` is what people type into a search: words, "phrases", -without;
   * an address or a message id finds those too. At least one of the conditions must be given.
   */
  search: {
    params: z.object({
      text: z.string().max(500).default(''),
      mailboxes: z.array(MailboxId).max(1_000).optional(),
      queues: z.array(QueueId).max(1_000).optional(),
      agent: AgentId.optional(),
      contact: ContactId.optional(),
      from: Instant.optional(),
      to: Instant.optional(),
      before: z.object({ at: Instant, email: EmailId }).optional(),
      limit: z.int().min(1).max(100).default(30),
    }),
    result: z.object({ found: z.array(Found), more: z.boolean() }),
    errors: { 'empty-search': nothing },
    roles: DESKTOP,
    idempotent: true,
  },
  /** The owner has seen everything up to `number`; never goes back. */
  mark: {
    params: z.object({ conversation: ConversationId, agent: AgentId, read: z.int().min(0) }),
    result: nothing,
    errors: { ...unknownConversation, ...notYours },
    roles: DESKTOP,
    idempotent: true,
  },
  addNote: {
    params: z.object({
      conversation: ConversationId,
      id: z.string().min(1).max(64),
      agent: AgentId,
      note: z.string().min(1).max(8_000),
    }),
    result: nothing,
    errors: unknownConversation,
    roles: DESKTOP,
    idempotent: true,
  },
  position: {
    params: nothing,
    result: z.object({ position: z.int() }),
    roles: [...DESKTOP, 'ids-multimedia'],
    idempotent: true,
  },
} as const;
