/**
 * What the e-mail media store promises: every message that a mailbox's server holds is kept and filed
 * exactly once, opens or joins one work item, and what agents send ends in a state that somebody sees.
 */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { Delivery, Email } from '#domain/email/email.ts';
import {
  AgentId,
  ContactId,
  ConversationId,
  EmailId,
  EntryPointId,
  Instant,
  InteractionId,
  MailboxId,
  WorkItemId,
} from '#domain/ids.ts';
import { Party } from '#domain/message.ts';
import { DESKTOP } from './contract/common.ts';
import { MAILBOX_METHODS } from './contract/mailboxes.ts';
import { READING_METHODS } from './contract/reading.ts';
import { WRITING_METHODS } from './contract/writing.ts';

/** What happened, as the journal keeps it: ids and times, never content. */
export const EmailFact = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('conversation-opened'),
    conversation: ConversationId,
    interaction: InteractionId,
    mailbox: MailboxId,
    entryPoint: EntryPointId.optional(),
    contact: ContactId.optional(),
  }),
  z.object({
    type: z.literal('contact-matched'),
    conversation: ConversationId,
    contact: ContactId,
  }),
  z.object({
    type: z.literal('email-filed'),
    conversation: ConversationId,
    email: EmailId,
    number: z.int().min(1),
    direction: z.enum(['in', 'out']),
    nature: Email.shape.nature,
    agent: AgentId.optional(),
  }),
  z.object({
    type: z.literal('delivery-changed'),
    conversation: ConversationId,
    email: EmailId,
    delivery: Delivery.omit({ problem: true }),
  }),
  z.object({
    type: z.literal('owner-changed'),
    conversation: ConversationId,
    workItem: WorkItemId.optional(),
    owner: AgentId.optional(),
  }),
  z.object({ type: z.literal('read'), conversation: ConversationId, number: z.int() }),
  z.object({
    type: z.literal('note-added'),
    conversation: ConversationId,
    id: z.string(),
    agent: AgentId,
  }),
  z.object({ type: z.literal('conversation-ended'), conversation: ConversationId, by: Party }),
  /** Its e-mails go on in another, with numbers behind what is there. */
  z.object({
    type: z.literal('conversation-merged'),
    conversation: ConversationId,
    into: ConversationId,
  }),
  z.object({ type: z.literal('mail-quarantined'), email: EmailId, mailbox: MailboxId }),
  z.object({
    type: z.literal('mail-judged'),
    email: EmailId,
    mailbox: MailboxId,
    verdict: z.enum(['release', 'drop']),
    by: z.string(),
  }),
]);
export type EmailFact = z.infer<typeof EmailFact>;

/** A numbered fact, as it travels to ids-multimedia. */
export const EmailRecord = z.object({ position: z.int(), at: Instant, body: EmailFact });
export type EmailRecord = z.infer<typeof EmailRecord>;

/** Who writes an answer; a sign of the moment. */
export const Writing = z.object({
  conversation: ConversationId,
  writers: z.array(AgentId).max(50),
});
export type Writing = z.infer<typeof Writing>;

export const emailMediaStore = defineContract({
  name: 'email-media-store',
  version: 1,
  methods: { ...READING_METHODS, ...WRITING_METHODS, ...MAILBOX_METHODS },
  streams: {
    /** Every fact once durable; ask `read` for what it is about. Without `since`: from now on. */
    events: {
      event: EmailRecord,
      cursor: z.int().min(0),
      roles: [...DESKTOP, 'ids-multimedia'],
    },
    writing: { event: Writing, roles: DESKTOP },
  },
});
