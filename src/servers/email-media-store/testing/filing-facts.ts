/** Facts for tests of what becomes of an e-mail: a small centre with two mailboxes. */
import { newId } from '#base/id.ts';
import { Configuration } from '#domain/configuration/configuration.ts';
import type { DocumentKind } from '#domain/configuration/documents.ts';
import {
  AgentId,
  ConversationId,
  EmailId,
  InteractionId,
  MailboxId,
  QueueId,
} from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { FilingFacts } from '../rules/filing-facts.ts';
import type { Known, KnownConversation, KnownEmail } from '../rules/known.ts';
import { openMailTokens } from '../rules/token.ts';
import type { StoredMail } from '../stored-mail.ts';

export const SUPPORT = MailboxId.parse('support');
export const BILLING = MailboxId.parse('billing');
export const AGENT = AgentId.parse('agent-1');
export const NOW = Date.parse('2026-06-01T10:00:00Z');
export const TOKENS = openMailTokens(Buffer.alloc(32, 7));

export const newConversation = (): ConversationId => ConversationId.parse(newId());
export const newEmail = (): EmailId => EmailId.parse(newId());

const SERVER = { host: 'mail.example.com', signIn: { type: 'password', user: 'user' } };

const DOCUMENTS: Partial<Record<DocumentKind, Record<string, object>>> = {
  queue: { support: { name: 'Support' }, billing: { name: 'Billing' } },
  mailbox: {
    support: {
      name: 'Support',
      address: 'support@shop.example',
      aliases: ['help@shop.example'],
      receive: { type: 'smtp' },
      send: SERVER,
    },
    billing: {
      name: 'Billing',
      address: 'billing@shop.example',
      receive: { type: 'smtp' },
      send: SERVER,
    },
  },
  'mail-template': {
    received: { name: 'Received', versions: [{ language: 'en', html: '<p>Thank you</p>' }] },
  },
  'entry-point': {
    support: {
      name: 'Support',
      channel: 'email',
      queue: 'support',
      address: 'support@shop.example',
      mail: { acknowledgement: 'received' },
    },
    billing: {
      name: 'Billing',
      channel: 'email',
      queue: 'billing',
      address: 'billing@shop.example',
      mail: { acknowledgement: 'received' },
    },
  },
};

/** The centre, with documents added or replaced; one that is `null` is left out. */
export function someConfiguration(
  changes: Partial<Record<DocumentKind, Record<string, object | null>>> = {},
): Configuration {
  const configuration = new Configuration();
  let revision = 0;
  for (const kind of new Set([...Object.keys(DOCUMENTS), ...Object.keys(changes)])) {
    const documents = { ...DOCUMENTS[kind as DocumentKind], ...changes[kind as DocumentKind] };
    for (const [id, body] of Object.entries(documents)) {
      if (body === null) continue;
      const document = { kind: kind as DocumentKind, id, revision: ++revision, retired: false };
      if (!configuration.apply({ ...document, body: { ...body } })) {
        throw new Error(`Cannot read the ${kind} "${id}" of a test`);
      }
    }
  }
  return configuration;
}

/** A plain mail of a customer to the support mailbox. */
export const someMail = (changes: Partial<ParsedMail> = {}): ParsedMail => ({
  messageId: 'm1@customer.example',
  references: [],
  inReplyTo: [],
  from: { name: 'Customer 1', address: 'customer1@customer.example' },
  replyTo: [],
  to: [{ name: '', address: 'support@shop.example' }],
  cc: [],
  deliveredTo: [],
  subject: 'My order',
  text: 'Where is my order?',
  attachments: [],
  ...changes,
  automation: {
    autoSubmitted: '',
    precedence: '',
    isList: false,
    suppress: '',
    marks: [],
    hasNullSender: false,
    ...changes.automation,
  },
});

export const someStored = (changes: Partial<StoredMail> = {}): StoredMail => ({
  id: newEmail(),
  mailbox: SUPPORT,
  key: 'imap:1:1',
  receivedAt: NOW,
  size: 1_000,
  raw: newId(),
  ...changes,
});

export const someConversation = (changes: Partial<KnownConversation> = {}): KnownConversation => ({
  id: newConversation(),
  formerly: [],
  state: 'kept',
  mailbox: SUPPORT,
  interaction: InteractionId.parse(newId()),
  customer: { name: 'Customer 1', address: 'customer1@customer.example' },
  participants: ['customer1@customer.example'],
  subject: 'My order',
  threadRoots: [],
  entryPoint: undefined,
  queue: QueueId.parse('support'),
  workItem: undefined,
  lastOwner: AGENT,
  reopened: 0,
  ...changes,
});

export const someKnownEmail = (changes: Partial<KnownEmail> = {}): KnownEmail => ({
  id: newEmail(),
  messageId: 'm0@customer.example',
  direction: 'in',
  mailbox: SUPPORT,
  conversation: undefined,
  fingerprint: 'another',
  agent: undefined,
  delivery: undefined,
  ...changes,
});

export const QUIET: Known['traffic'] = {
  fromCorrespondent: 0,
  opened: 0,
  storm: false,
  answeredAt: undefined,
  answeredDomainAt: [],
};

export const someFacts = (
  changes: Partial<Omit<FilingFacts, 'known'>> & { readonly known?: Partial<Known> } = {},
): FilingFacts => ({
  at: NOW,
  stored: someStored(),
  mail: someMail(),
  configuration: someConfiguration(),
  tokens: TOKENS,
  released: false,
  ...changes,
  known: { emails: [], references: [], conversations: [], traffic: QUIET, ...changes.known },
});
