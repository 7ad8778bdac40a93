/** How mailboxes fare, for administrators. */
import { z } from 'zod';
import { EmailAddress } from '#domain/email/email.ts';
import { Receiving, Sending } from '#domain/configuration/mail.ts';
import { EmailId, Instant, MailboxId } from '#domain/ids.ts';
import { By, DESKTOP, nothing, unknownMailbox } from './common.ts';

const ADMINISTRATION = [...DESKTOP, 'command-line'] as const;

export const MailboxHealth = z.object({
  mailbox: MailboxId,
  /** `waiting`: it has not been looked at yet. `failing`: it is tried again. `refused`: somebody must act. */
  state: z.enum(['off', 'waiting', 'good', 'failing', 'refused']),
  /** What is wrong and what to do. */
  problem: z.string().optional(),
  /** The last successful look. */
  lookedAt: Instant.optional(),
  /** When it is tried again. */
  next: Instant.optional(),
  /** Looked at for too long without success, or with mail that cannot be filed. */
  alarm: z.boolean(),
  /** Messages fetched since midnight UTC; of those at the server not yet fetched, where that is known. */
  fetchedToday: z.int(),
  backlog: z.int().optional(),
  unreadable: z.int(),
  /** Held here and could not be filed, so that nobody sees them: tried again. An alarm where there are any. */
  unfiled: z.int(),
  quarantined: z.int(),
  /** E-mails waiting to be sent, and those that failed in the last 7 days. */
  unsent: z.int(),
  failed: z.int(),
  /** Work is held back: somebody must release or drop it. */
  storm: z.object({ since: Instant, held: z.int() }).optional(),
});
export type MailboxHealth = z.infer<typeof MailboxHealth>;

/** A message that the server has and this store has not. */
export const Gap = z.object({
  /** Names it within its mailbox. */
  key: z.string().max(300),
  receivedAt: Instant.optional(),
  size: z.int().optional(),
  /** Why it is not here: `new` will be fetched, `too-large` is above the mailbox's limit. */
  reason: z.enum(['new', 'missing', 'too-large', 'failed']),
});
export type Gap = z.infer<typeof Gap>;

export const MailCheck = z.object({
  mailbox: MailboxId,
  at: Instant,
  /** Servers bring its mail: there is nothing to compare, and all that they brought is held. */
  brought: z.boolean(),
  server: z.int(),
  held: z.int(),
  /** Of those held here how many could not be filed: they are tried again. */
  unfiled: z.int(),
  /** At most 1,000. */
  gaps: z.array(Gap),
  gapsInAll: z.int(),
});
export type MailCheck = z.infer<typeof MailCheck>;

/** Mail that opened no work and waits for somebody's judgement. */
export const Quarantined = z.object({
  email: EmailId,
  mailbox: MailboxId,
  from: EmailAddress,
  subject: z.string(),
  at: Instant,
  /** `unrouted`: no entry point takes the mailbox's mail; it is filed once there is one. */
  reason: z.enum(['storm', 'correspondent', 'loop', 'denied', 'not-allowed', 'unrouted']),
});
export type Quarantined = z.infer<typeof Quarantined>;

const SecretUse = z.enum(['receive', 'send']);

export const MAILBOX_METHODS = {
  mailboxes: {
    params: nothing,
    result: z.object({ mailboxes: z.array(MailboxHealth) }),
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** Keeps a password, a refresh token or a client secret, sealed. It is never told again. */
  setSecret: {
    params: z.object({
      mailbox: MailboxId,
      use: SecretUse,
      kind: z.enum(['password', 'refresh-token', 'client-secret']),
      secret: z.string().min(1).max(16_384),
      by: By,
    }),
    result: nothing,
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** Keeps no secret any more for that use. Where there is none for sending, what is kept for receiving is shown. */
  forgetSecrets: {
    params: z.object({ mailbox: MailboxId, use: SecretUse, by: By }),
    result: nothing,
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** Which secrets are there. */
  secrets: {
    params: z.object({ mailbox: MailboxId }),
    result: z.object({
      secrets: z.array(z.object({ use: SecretUse, kind: z.string(), setAt: Instant })),
    }),
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** Signs in with these settings and leaves again: what an administrator tries before saving. Takes up to 20 s. */
  tryOut: {
    params: z.object({
      mailbox: MailboxId.optional(),
      receive: Receiving.optional(),
      send: Sending.optional(),
      /** Left out: those that are kept. */
      receiveSecret: z.string().max(16_384).optional(),
      sendSecret: z.string().max(16_384).optional(),
    }),
    result: z.object({
      receive: z.object({ good: z.boolean(), said: z.string() }).optional(),
      send: z.object({ good: z.boolean(), said: z.string() }).optional(),
    }),
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** Looks now, also where a mailbox waits after a failure. */
  lookNow: {
    params: z.object({ mailbox: MailboxId }),
    result: nothing,
    errors: unknownMailbox,
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** Compares what the server has with what is held here. Takes up to a minute. */
  check: {
    params: z.object({ mailbox: MailboxId }),
    result: z.object({ check: MailCheck }),
    errors: { ...unknownMailbox, unreachable: z.object({ problem: z.string() }) },
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** What the last checks found, one for each mailbox. */
  checks: {
    params: nothing,
    result: z.object({ checks: z.array(MailCheck) }),
    roles: ADMINISTRATION,
    idempotent: true,
  },
  /** Fetches gaps again, also those above the limit. @returns how many were filed. */
  reimport: {
    params: z.object({ mailbox: MailboxId, keys: z.array(z.string().max(300)).min(1).max(1_000) }),
    result: z.object({ filed: z.int() }),
    errors: { ...unknownMailbox, unreachable: z.object({ problem: z.string() }) },
    roles: ADMINISTRATION,
    idempotent: true,
  },
  quarantine: {
    params: z.object({
      mailbox: MailboxId.optional(),
      limit: z.int().min(1).max(500).default(100),
    }),
    result: z.object({ mails: z.array(Quarantined), total: z.int() }),
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Releases mails into work, or drops them for good; `all` of a mailbox also ends its storm. Takes up to half
   * a minute: where more wait, they are left to the next call.
   */
  judge: {
    params: z.object({
      mailbox: MailboxId,
      verdict: z.enum(['release', 'drop']),
      mails: z.union([z.literal('all'), z.array(EmailId).max(500)]),
      by: By,
    }),
    result: z.object({ judged: z.int() }),
    errors: unknownMailbox,
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
