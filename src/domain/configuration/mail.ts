/** What an administrator sets up for e-mail: mailboxes, what agents begin a letter with, whose mail goes where. */
import { z } from 'zod';
import { Duration, MailboxId, MailTemplateId, QueueId } from '../ids.ts';

const Name = z.string().trim().min(1).max(120);
const Host = z.string().trim().min(1).max(253);
const Port = z.int().min(1).max(65_535);

/** One mailbox's address, compared without case. */
const Address = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, {
    error: 'an address looks like "support@example.com"',
  });

/** An address, or `@example.com` for everybody there. */
export const SenderPattern = z
  .string()
  .trim()
  .min(2)
  .max(254)
  .regex(/^[^\s@]*@[^\s@]+$/, {
    error: 'give an address, or "@example.com" for everybody there',
  });

/** `starttls` is required where it is chosen, never left out quietly; `none` is for a server on this machine. */
export const MailSecurity = z.enum(['tls', 'starttls', 'none']);
export type MailSecurity = z.infer<typeof MailSecurity>;

/** How a mail server knows us. Passwords and tokens are no configuration: the e-mail store keeps them sealed. */
export const MailSignIn = z.discriminatedUnion('type', [
  z.object({ type: z.literal('password'), user: z.string().trim().min(1).max(320) }),
  z.object({
    type: z.literal('oauth'),
    user: z.string().trim().min(1).max(320),
    /** Where tokens come from. `other` needs `tokenUrl`. */
    provider: z.enum(['microsoft', 'google', 'other']),
    /** Directory of the organisation, for Microsoft 365. */
    tenant: z.string().max(120).optional(),
    clientId: z.string().trim().min(1).max(320),
    /** `refresh-token`: somebody has agreed once. `client-credentials`: an application of the organisation's own. */
    grant: z.enum(['refresh-token', 'client-credentials']).default('refresh-token'),
    tokenUrl: z.url().max(2_000).optional(),
    scope: z.string().max(2_000).optional(),
  }),
]);
export type MailSignIn = z.infer<typeof MailSignIn>;

const Server = {
  host: Host,
  /** Left out: what is usual for the protocol and its security. */
  port: Port.optional(),
  security: MailSecurity.default('tls'),
  /** Certificates of an authority of one's own, as PEM; empty: those that the world trusts. */
  authority: z.string().max(100_000).default(''),
};

/** Where a mailbox's mail comes from. */
export const Receiving = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('imap'),
    ...Server,
    signIn: MailSignIn,
    folder: z.string().min(1).max(500).default('INBOX'),
    /** How often to look where the server cannot tell of news. */
    poll: Duration.min(5_000).max(3_600_000).default(60_000),
    /** What becomes of the original once it is filed. `move` needs `moveTo`. */
    after: z.enum(['leave', 'delete', 'move']).default('leave'),
    moveTo: z.string().min(1).max(500).optional(),
  }),
  z.object({
    type: z.literal('pop3'),
    ...Server,
    signIn: MailSignIn,
    poll: Duration.min(5_000).max(3_600_000).default(60_000),
    after: z.enum(['leave', 'delete']).default('leave'),
  }),
  /** Mail servers deliver straight to us. */
  z.object({ type: z.literal('smtp') }),
  z.object({ type: z.literal('nothing') }),
]);
export type Receiving = z.infer<typeof Receiving>;

/** The server that takes what agents write. */
export const Sending = z.object({ ...Server, signIn: MailSignIn.optional() });
export type Sending = z.infer<typeof Sending>;

const Rate = z.object({ most: z.int().min(1).max(100_000), within: Duration.min(1_000) });

/** A mailbox that customers write to and agents answer from. */
export const Mailbox = z.object({
  name: Name,
  address: Address,
  /** Other addresses whose mail arrives in it. */
  aliases: z.array(Address).max(100).default([]),
  /** The name beside the address in what agents send; '': the mailbox's. */
  senderName: z.string().max(120).default(''),
  /**
   * Its server delivers what is sent to `support+anything@example.com`: answers are then asked for at an
   * address that names their conversation, for mail programs that say in no other way what they answer.
   */
  plusAddresses: z.boolean().default(false),
  enabled: z.boolean().default(true),
  receive: Receiving,
  /** Left out: nothing can be sent from it. */
  send: Sending.optional(),
  /** After so long without a successful look there is an alarm. */
  alarmAfter: Duration.min(60_000).default(900_000),
  /** A message larger than this many bytes is kept at its server and shown as a gap. */
  largest: z.int().min(100_000).max(1_073_741_824).default(157_286_400),
  senders: z
    .object({
      /** Where it names anybody, all others are refused. */
      allowed: z.array(SenderPattern).max(10_000).default([]),
      /** Filed without work, for nobody to answer. */
      denied: z.array(SenderPattern).max(10_000).default([]),
      /** Their work is of this priority. */
      priority: z.array(SenderPattern).max(10_000).default([]),
      prioritised: z.int().min(0).max(9).default(1),
    })
    .prefault({}),
  loops: z
    .object({
      /** More messages than this of one correspondent open no further work; they are filed. */
      perCorrespondent: Rate.default({ most: 20, within: 3_600_000 }),
      /** More work than this from a mailbox is a storm: what follows waits in quarantine. */
      storm: Rate.default({ most: 500, within: 600_000 }),
    })
    .prefault({}),
  /** What attachments agents may send: bytes of one and of all of a message. */
  attachments: z
    .object({
      one: z.int().min(0).max(157_286_400).default(26_214_400),
      all: z.int().min(0).max(157_286_400).default(36_700_160),
    })
    .prefault({}),
});
export type Mailbox = z.infer<typeof Mailbox>;

/** Which e-mails come in by an entry point: all that is said must hold; what is left empty holds for any. */
export const MailMatch = z.object({
  mailboxes: z.array(MailboxId).max(100).default([]),
  /** The recipient: an address, `@example.com`, or `support+*@example.com`. */
  recipients: z.array(z.string().trim().min(2).max(254)).max(100).default([]),
  /** Any of these in the subject, as whole words or phrases, without case. */
  subject: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  /** Any of these in the subject or the text. */
  keywords: z.array(z.string().trim().min(1).max(200)).max(100).default([]),
  /** The language it is written in, as `de`. */
  languages: z.array(z.string().trim().min(2).max(35)).max(50).default([]),
  /** Entry points of a lower rank are looked at first. */
  rank: z.int().min(0).max(999).default(500),
  /** The template that answers by itself, at most once a conversation and day; left out: none. */
  acknowledgement: MailTemplateId.optional(),
});
export type MailMatch = z.infer<typeof MailMatch>;

/**
 * What an e-mail begins as, with fields as `{{customer.name}}`. `path` is its place in the tree:
 * `Returns/Broken`. Languages are versions of the same template.
 */
export const MailTemplate = z.object({
  name: Name,
  path: z.string().max(300).default(''),
  /** Typed after a slash to insert it. */
  key: z.string().trim().max(40).default(''),
  queues: z.array(QueueId).max(1_000).default([]),
  versions: z
    .array(
      z.object({
        /** BCP 47, as `de`. */
        language: z.string().min(2).max(35),
        /** Used for a new e-mail and an automatic one; '' leaves the subject as it is. */
        subject: z.string().max(400).default(''),
        /** HTML as the editor makes it; it is cleaned like a customer's. */
        html: z.string().max(100_000),
      }),
    )
    .min(1)
    .max(50),
});
export type MailTemplate = z.infer<typeof MailTemplate>;

/** Fields of a queue's document. */
export const QUEUE_MAIL = {
  /** Stands under what agents of this queue write; the same fields as in templates. HTML. */
  signature: z.string().max(20_000).default(''),
  /** The mailbox that new e-mails of this queue are sent from. */
  mailbox: MailboxId.optional(),
  /** Agents may take e-mails of this queue from the list, before they are offered. */
  mayPull: z.boolean().default(false),
};
