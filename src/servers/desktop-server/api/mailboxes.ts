import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { Receiving, Sending } from '#domain/configuration/mail.ts';
import { EmailId, Instant, MailboxId } from '#domain/ids.ts';
import {
  MailCheck,
  MailboxHealth,
  Quarantined,
} from '#servers/email-media-store/contract/mailboxes.ts';
import { Limit, Nothing } from './common.ts';

const mailbox = z.object({ id: MailboxId });
const SecretUse = z.enum(['receive', 'send']);
const Tried = z.object({ good: z.boolean(), said: z.string() });

/** A mail server that does not answer is waited for, by the store and then by whoever asked. */
const TRYING = 35_000;
const COMPARING = 65_000;
/** A storm is thousands of mails. */
const JUDGING = 65_000;

/** How mailboxes fare, and what to do about it. */
export const mailboxesApi = defineApi({
  listMailboxes: {
    method: 'GET',
    path: '/mailboxes',
    result: z.object({ mailboxes: z.array(MailboxHealth) }),
    roles: ['supervisor', 'administrator'],
    summary: 'How each mailbox fares.',
  },
  mailboxSecrets: {
    method: 'GET',
    path: '/mailboxes/{id}/secrets',
    params: mailbox,
    result: z.object({
      secrets: z.array(z.object({ use: SecretUse, kind: z.string(), setAt: Instant })),
    }),
    roles: ['administrator'],
    summary: 'Which passwords and tokens are kept for a mailbox, never what they are.',
  },
  setMailboxSecret: {
    method: 'PUT',
    path: '/mailboxes/{id}/secrets/{use}',
    params: mailbox.extend({ use: SecretUse }),
    body: z.object({
      kind: z.enum(['password', 'refresh-token', 'client-secret']),
      secret: z.string().min(1).max(16_384),
    }),
    result: Nothing,
    roles: ['administrator'],
    summary: 'Keeps a password or token, sealed.',
    errors: { 'unknown-mailbox': 404 },
  },
  forgetMailboxSecrets: {
    method: 'DELETE',
    path: '/mailboxes/{id}/secrets/{use}',
    params: mailbox.extend({ use: SecretUse }),
    result: Nothing,
    roles: ['administrator'],
    summary: 'Keeps no password or token any more; to send, what is kept for receiving is shown.',
    errors: { 'unknown-mailbox': 404 },
  },
  tryMailbox: {
    method: 'POST',
    path: '/mailboxes/try',
    body: z.object({
      mailbox: MailboxId.optional(),
      receive: Receiving.optional(),
      send: Sending.optional(),
      receiveSecret: z.string().max(16_384).optional(),
      sendSecret: z.string().max(16_384).optional(),
    }),
    result: z.object({ receive: Tried.optional(), send: Tried.optional() }),
    roles: ['administrator'],
    within: TRYING,
    summary: 'Signs in with these settings and leaves again.',
  },
  lookNow: {
    method: 'POST',
    path: '/mailboxes/{id}/look',
    params: mailbox,
    result: Nothing,
    roles: ['administrator'],
    summary: 'Looks for mail now.',
    errors: { 'unknown-mailbox': 404 },
  },
  checkMailbox: {
    method: 'POST',
    path: '/mailboxes/{id}/check',
    params: mailbox,
    result: MailCheck,
    roles: ['administrator'],
    within: COMPARING,
    summary: 'Compares what the server has with what is held here.',
    errors: { 'unknown-mailbox': 404, unreachable: 502 },
  },
  mailChecks: {
    method: 'GET',
    path: '/mail-checks',
    result: z.object({ checks: z.array(MailCheck) }),
    roles: ['administrator'],
    summary: 'What the last checks found.',
  },
  reimportMail: {
    method: 'POST',
    path: '/mailboxes/{id}/reimport',
    params: mailbox,
    body: z.object({ keys: z.array(z.string().max(300)).min(1).max(1_000) }),
    result: z.object({ filed: z.int() }),
    roles: ['administrator'],
    within: COMPARING,
    summary: 'Fetches messages again that the server has and this centre has not.',
    errors: { 'unknown-mailbox': 404, unreachable: 502 },
  },
  listQuarantine: {
    method: 'GET',
    path: '/quarantine',
    query: z.object({ mailbox: MailboxId.optional(), limit: Limit }),
    result: z.object({ mails: z.array(Quarantined), total: z.int() }),
    roles: ['supervisor', 'administrator'],
    summary: 'Mail that opened no work and waits for somebody’s judgement.',
  },
  judgeQuarantined: {
    method: 'POST',
    path: '/mailboxes/{id}/quarantine',
    params: mailbox,
    body: z.object({
      verdict: z.enum(['release', 'drop']),
      mails: z.union([z.literal('all'), z.array(EmailId).max(500)]),
    }),
    result: z.object({ judged: z.int() }),
    roles: ['supervisor', 'administrator'],
    within: JUDGING,
    summary:
      'Releases mail into work, or drops it, as far as that goes in half a minute; `all` also ends a storm.',
    errors: { 'unknown-mailbox': 404 },
  },
});
