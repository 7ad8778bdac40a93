/** What agents write: drafts that are kept while they type, and what becomes of them. */
import { z } from 'zod';
import {
  AgentId,
  ContactId,
  ConversationId,
  DraftId,
  EmailId,
  InteractionId,
  MailboxId,
  QueueId,
} from '#domain/ids.ts';
import {
  Attachment,
  Delivery,
  Draft,
  DraftBody,
  DraftKind,
  Email,
  EmailAddress,
} from '#domain/email/email.ts';
import {
  Chunk,
  DESKTOP,
  notYours,
  nothing,
  unknownConversation,
  unknownDraft,
  unknownEmail,
  unknownMailbox,
} from './common.ts';

const draftErrors = { ...unknownDraft, ...notYours } as const;

export const WRITING_METHODS = {
  /**
   * Begins an answer or a forwarding, under an id of the caller's choice: addressed, quoted, signed. The
   * same id again gives what is there. Anybody who may read the conversation may write a draft; to send
   * it takes the owner.
   */
  beginDraft: {
    params: z.object({
      id: DraftId,
      agent: AgentId,
      conversation: ConversationId,
      kind: DraftKind.exclude(['new']),
      /** Left out: the newest that came in. */
      of: EmailId.optional(),
    }),
    result: z.object({ draft: Draft }),
    errors: { ...unknownConversation, ...unknownEmail, ...draftErrors },
    roles: DESKTOP,
    idempotent: true,
  },
  /** Begins a conversation with somebody, under an id of the caller's choice: its first draft, signed for the queue. */
  compose: {
    params: z.object({
      id: DraftId,
      agent: AgentId,
      conversation: ConversationId,
      interaction: InteractionId,
      mailbox: MailboxId,
      queue: QueueId.optional(),
      contact: ContactId.optional(),
      to: z.array(EmailAddress).max(50).default([]),
      language: z.string().max(35).optional(),
    }),
    result: z.object({ draft: Draft }),
    errors: { ...unknownConversation, ...unknownMailbox, ...draftErrors },
    roles: DESKTOP,
    idempotent: true,
  },
  readDraft: {
    params: z.object({ draft: DraftId, agent: AgentId }),
    result: z.object({ draft: Draft }),
    errors: draftErrors,
    roles: DESKTOP,
    idempotent: true,
  },
  /** An agent's drafts, newest first, also those left of a browser that died; of one conversation when given. */
  drafts: {
    params: z.object({ agent: AgentId, conversation: ConversationId.optional() }),
    result: z.object({ drafts: z.array(Draft) }),
    roles: DESKTOP,
    idempotent: true,
  },
  /** Keeps what was typed. Refused as `older` when another window has saved since `revision`. */
  saveDraft: {
    params: z.object({
      draft: DraftId,
      agent: AgentId,
      revision: z.int().min(1),
      body: DraftBody,
    }),
    result: z.object({ draft: Draft }),
    errors: { ...draftErrors, ...unknownMailbox, older: z.object({ draft: Draft }) },
    roles: DESKTOP,
    idempotent: true,
  },
  discardDraft: {
    params: z.object({ draft: DraftId, agent: AgentId }),
    result: nothing,
    errors: notYours,
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Takes a piece of a file in; the last one (`last`) makes it an attachment, scanned where there is a
   * scanner. Pieces come in order; the same again changes nothing.
   */
  attach: {
    params: z.object({
      draft: DraftId,
      agent: AgentId,
      /** Chosen by the caller. */
      id: z.string().regex(/^[\w-]{1,64}$/),
      name: z.string().min(1).max(255),
      type: z.string().max(200),
      inline: z.boolean().default(false),
      offset: z.int().min(0),
      bytes: Chunk,
      last: z.boolean(),
    }),
    result: z.object({ attachment: Attachment.optional(), offset: z.int() }),
    errors: {
      ...draftErrors,
      'file-too-large': z.object({ most: z.int() }),
      'out-of-order': z.object({ offset: z.int() }),
      infected: z.object({ attachment: z.string() }),
      'not-scanned': z.object({ attachment: z.string() }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  detach: {
    params: z.object({ draft: DraftId, agent: AgentId, id: z.string().min(1).max(64) }),
    result: z.object({ draft: Draft }),
    errors: draftErrors,
    roles: DESKTOP,
    idempotent: true,
  },
  /** A piece of a file of a draft. `next` is missing at the end. */
  draftBytes: {
    params: z.object({
      draft: DraftId,
      agent: AgentId,
      attachment: z.string().min(1).max(64),
      offset: z.int().min(0).default(0),
    }),
    result: z.object({
      name: z.string(),
      type: z.string(),
      size: z.int(),
      bytes: Chunk,
      next: z.int().optional(),
    }),
    errors: { ...draftErrors, 'unknown-attachment': z.object({ attachment: z.string() }) },
    roles: DESKTOP,
    idempotent: true,
  },
  /** A template in the draft's language with its fields filled in, as HTML; `missing` fields have no value. */
  fillTemplate: {
    params: z.object({ draft: DraftId, agent: AgentId, template: z.string().min(1).max(64) }),
    result: z.object({ subject: z.string(), html: z.string(), missing: z.array(z.string()) }),
    errors: { ...draftErrors, 'unknown-template': z.object({ template: z.string() }) },
    roles: DESKTOP,
    idempotent: true,
  },
  /** Says that an agent is writing an answer; ends by itself after 30 s without a word. */
  writing: {
    params: z.object({ conversation: ConversationId, agent: AgentId, writing: z.boolean() }),
    result: nothing,
    errors: unknownConversation,
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Sends a draft: from then on it is an e-mail, held for `undoWithin` milliseconds. `seen` is the newest
   * e-mail the agent has seen: where there is a newer one it is refused as `answered-meanwhile`, unless
   * `anyway`. Sending the same draft again gives the same e-mail.
   */
  send: {
    params: z.object({
      draft: DraftId,
      agent: AgentId,
      seen: z.int().min(0),
      anyway: z.boolean().default(false),
      undoWithin: z.int().min(0).max(60_000).default(10_000),
    }),
    result: z.object({ email: Email }),
    errors: {
      ...draftErrors,
      'no-recipient': nothing,
      'bad-address': z.object({ address: z.string() }),
      /** Nothing can be sent from this mailbox. */
      'cannot-send': z.object({ mailbox: MailboxId }),
      'file-too-large': z.object({ most: z.int() }),
      'answered-meanwhile': z.object({ newest: z.int() }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /** Takes an e-mail back that is still held: it is a draft again. */
  undo: {
    params: z.object({ conversation: ConversationId, email: EmailId, agent: AgentId }),
    result: z.object({ draft: Draft }),
    errors: { ...unknownEmail, ...notYours, 'on-its-way': z.object({ delivery: Delivery }) },
    roles: DESKTOP,
    idempotent: true,
  },
  /** Tries once more to send what has failed. */
  retry: {
    params: z.object({ conversation: ConversationId, email: EmailId }),
    result: z.object({ delivery: Delivery }),
    errors: { ...unknownEmail, 'not-failed': z.object({ delivery: Delivery }) },
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
