/** E-mails as everybody sees them: what was read of a message, never its bytes. */
import { z } from 'zod';
import {
  AgentId,
  ContactId,
  ConversationId,
  DraftId,
  EmailId,
  EntryPointId,
  Instant,
  InteractionId,
  MailboxId,
  QueueId,
  WorkItemId,
} from '../ids.ts';
import { Party } from '../message.ts';

/** Readable text of one e-mail beyond this many UTF-16 units is left to the original. */
export const EMAIL_TEXT_LENGTH = 200_000;

export const EmailAddress = z.object({
  /** As its owner writes it; '' where they write none. */
  name: z.string().max(300),
  address: z.string().max(320),
});
export type EmailAddress = z.infer<typeof EmailAddress>;

/** A file of an e-mail or of a draft. */
export const Attachment = z.object({
  /** Names it within its e-mail or draft. */
  id: z.string().min(1).max(64),
  /** A plain file name, without a path. */
  name: z.string().max(255),
  /** Media type, as its sender says. */
  type: z.string().max(200),
  /** Bytes. */
  size: z.int().min(0),
  /** Shown within the text, which refers to it by `contentId`. */
  inline: z.boolean(),
  contentId: z.string().max(300).optional(),
  /** What a virus scanner said; `unscanned` where there is none. */
  scan: z.enum(['unscanned', 'clean', 'infected']),
});
export type Attachment = z.infer<typeof Attachment>;

/**
 * What kind of message came in. `personal` mail opens work and may be answered automatically; `list` and `own` mail
 * open work and are not; the others open none, but for what an agent wrote and has not arrived.
 */
export const EmailNature = z.enum([
  'personal',
  /** From a mailing list or a bulk sender, or what a program writes of itself: RFC 2369, RFC 2919, RFC 3834. */
  'list',
  /** A machine answered: RFC 3834, RFC 5230. */
  'auto-reply',
  /** A delivery status notification of something we sent: RFC 3464. */
  'bounce',
  /** It came from one of our own mailboxes. */
  'own',
]);
export type EmailNature = z.infer<typeof EmailNature>;

/** What has become of an e-mail that was sent from here. It ends in one of the last four, never silently. */
export const DeliveryState = z.enum([
  /** It may still be taken back. */
  'held',
  'waiting',
  'sending',
  /** The server has taken it: it may still bounce. */
  'sent',
  /** The recipient's server says that it has arrived. */
  'delivered',
  'bounced',
  'failed',
  'undone',
]);
export type DeliveryState = z.infer<typeof DeliveryState>;

export const Delivery = z.object({
  state: DeliveryState,
  at: Instant,
  /** Times a server was asked. */
  tries: z.int().min(0),
  /** When it is tried again, or leaves if nobody takes it back. */
  next: Instant.optional(),
  /** What went wrong, as a sentence. */
  problem: z.string().max(1_000).optional(),
  /** Emcee stopped between the server's yes and its own note of it: the customer may hold it twice. */
  perhapsTwice: z.boolean(),
});
export type Delivery = z.infer<typeof Delivery>;

export const Email = z.object({
  id: EmailId,
  conversation: ConversationId,
  /** 1, 2, 3, … within its conversation, as they were filed. */
  number: z.int().min(1),
  direction: z.enum(['in', 'out']),
  mailbox: MailboxId,
  /** Without angle brackets; made up, and unique, where the sender gave none. */
  messageId: z.string().max(998),
  from: EmailAddress,
  replyTo: z.array(EmailAddress).max(50),
  to: z.array(EmailAddress).max(500),
  cc: z.array(EmailAddress).max(500),
  /** Of what was sent from here alone. */
  bcc: z.array(EmailAddress).max(500),
  subject: z.string().max(1_000),
  /** What its sender's clock said; left out where it said nothing sensible. */
  sentAt: Instant.optional(),
  /** When our server received it, or when it was handed in here. */
  at: Instant,
  nature: EmailNature,
  /** Readable text, at most `EMAIL_TEXT_LENGTH`. '' once the person has been erased. */
  text: z.string(),
  /** Where there is more than the text: ask for it. */
  hasHtml: z.boolean(),
  attachments: z.array(Attachment),
  /** Why it could not be read as a whole; the original is there for the taking. */
  unreadable: z.string().max(500).optional(),
  /** Who wrote it here; left out for what was sent automatically. */
  agent: AgentId.optional(),
  delivery: Delivery.optional(),
});
export type Email = z.infer<typeof Email>;

/** An e-mail thread with one customer in one mailbox. */
export const EmailConversation = z.object({
  id: ConversationId,
  interaction: InteractionId,
  mailbox: MailboxId,
  /** Left out for what agents began. */
  entryPoint: EntryPointId.optional(),
  queue: QueueId.optional(),
  contact: ContactId.optional(),
  /** The customer: whom an answer goes to. */
  customer: EmailAddress,
  subject: z.string().max(1_000),
  language: z.string().max(35).optional(),
  openedAt: Instant,
  endedAt: Instant.optional(),
  endedBy: Party.optional(),
  /** The open work item, if any. */
  workItem: WorkItemId.optional(),
  owner: AgentId.optional(),
  /** Who is writing an answer now. */
  writers: z.array(AgentId).max(50),
  lastNumber: z.int(),
  /** The newest e-mail the owner has seen. */
  readNumber: z.int(),
});
export type EmailConversation = z.infer<typeof EmailConversation>;

export const DraftKind = z.enum(['new', 'reply', 'reply-all', 'forward']);
export type DraftKind = z.infer<typeof DraftKind>;

/** An e-mail that an agent is writing, kept while they type. */
export const DraftBody = z.object({
  mailbox: MailboxId,
  to: z.array(EmailAddress).max(500),
  cc: z.array(EmailAddress).max(500),
  bcc: z.array(EmailAddress).max(500),
  subject: z.string().max(1_000),
  format: z.enum(['rich', 'plain']),
  /** As the editor makes it; of a plain one the text itself. Inline images are `cid:` of attachments. */
  content: z.string().max(500_000),
});
export type DraftBody = z.infer<typeof DraftBody>;

export const Draft = DraftBody.extend({
  id: DraftId,
  conversation: ConversationId,
  agent: AgentId,
  kind: DraftKind,
  /** What is answered or forwarded. */
  of: EmailId.optional(),
  attachments: z.array(Attachment),
  /** Rises each time what was typed is saved, not with its files: who saves an older one is told. */
  revision: z.int().min(1),
  savedAt: Instant,
});
export type Draft = z.infer<typeof Draft>;
