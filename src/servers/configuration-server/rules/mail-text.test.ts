import { expect, test } from 'vitest';
import { Configuration } from '#domain/configuration/configuration.ts';
import { DOCUMENTS, type DocumentKind } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import { planTogether } from './plan-together.ts';
import { encodeText, parseText } from './text.ts';
import { unknownFields } from './unknown-fields.ts';

const document = (
  kind: DocumentKind,
  id: string,
  body: Readonly<Record<string, unknown>>,
): DraftDocument => ({ kind, id, body: DOCUMENTS[kind].parse(body) });

const password = { type: 'password', user: 'support' };
const oauth = {
  type: 'oauth',
  user: 'returns@example.com',
  provider: 'other',
  clientId: 'app',
  tokenUrl: 'https://login.example.com/token',
};
const imap = {
  type: 'imap',
  host: 'imap.example.com',
  signIn: oauth,
  after: 'move',
  moveTo: 'Filed',
};
const pop3 = { type: 'pop3', host: 'pop3.example.com', port: 1_110, signIn: password };
const smtp = { host: 'smtp.example.com', security: 'starttls', signIn: password };

const DOCUMENTS_OF_MAIL = [
  document('organisation', 'organisation', { name: 'O' }),
  document('agent', 'agent-1', { name: 'Agent 1', login: 'a', roles: ['administrator'] }),
  document('mailbox', 'support', {
    name: 'Support',
    address: 'support@example.com',
    aliases: ['help@example.com'],
    receive: pop3,
    send: smtp,
    senders: { denied: ['@example.org'], prioritised: 0 },
    loops: { storm: { most: 100, within: 60_000 } },
  }),
  document('mailbox', 'returns', {
    name: 'Returns',
    address: 'returns@example.com',
    receive: imap,
    send: { host: 'localhost', security: 'none' },
  }),
  document('mailbox', 'direct', {
    name: 'Direct',
    address: 'direct@example.com',
    receive: { type: 'smtp' },
  }),
  document('mailbox', 'outgoing', {
    name: 'Outgoing',
    address: 'outgoing@example.com',
    receive: { type: 'nothing' },
    send: smtp,
  }),
  document('queue', 'support', {
    name: 'Support',
    signature: '<p>{{agent.name}}</p>',
    mailbox: 'support',
    mayPull: true,
  }),
  document('mail-template', 'received', {
    name: 'We have it',
    path: 'Automatic/First answer',
    key: 'received',
    queues: ['support'],
    versions: [
      { language: 'en', subject: 'Re: {{subject}}', html: '<p>Hello</p>' },
      { language: 'de', html: '<p>Guten Tag</p>' },
    ],
  }),
  document('entry-point', 'letters', {
    name: 'Letters',
    channel: 'email',
    queue: 'support',
    mail: {
      mailboxes: ['support', 'returns'],
      recipients: ['support+*@example.com'],
      subject: ['send back'],
      languages: ['de'],
      rank: 10,
      acknowledgement: 'received',
    },
  }),
];

test('parseText() brings back what encodeText() wrote of e-mail, and all of it is stored as it was', () => {
  const text = parseText(encodeText({ documents: DOCUMENTS_OF_MAIL, settings: undefined }));
  if (text.type !== 'read') throw new Error('Cannot read what was written');
  const plan = planTogether(
    { documents: new Map(), configuration: new Configuration() },
    { documents: text.documents, retireOthers: true },
  );
  expect(plan).toEqual({
    type: 'changes',
    drafts: expect.arrayContaining(
      DOCUMENTS_OF_MAIL.map((each) => ({ ...each, retired: false })),
    ) as unknown,
  });
});

test('a text of the configuration has no place for a password, and says so', () => {
  const mailbox = {
    name: 'Support',
    address: 'support@example.com',
    receive: { ...pop3, folder: 'INBOX', signIn: { ...password, password: 'secret' } },
    send: { ...smtp, signIn: { ...oauth, clientSecret: 'secret' } },
  };
  expect(unknownFields(DOCUMENTS.mailbox, mailbox).map(({ path }) => path)).toEqual([
    'receive.signIn.password',
    'receive.folder',
    'send.signIn.clientSecret',
  ]);
});
