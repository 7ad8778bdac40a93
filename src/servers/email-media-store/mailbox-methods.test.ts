import { expect, test } from 'vitest';
import type { Call } from '#base/contract.ts';
import { systemClock } from '#base/time.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import { Credentials } from './credentials.ts';
import { type MailboxMethodsParts, mailboxMethods } from './mailbox-methods.ts';
import type { MailCredential } from './mail-source.ts';
import { Secrets } from './secrets.ts';
import type { SecretTables } from './tables/secret-tables.ts';
import { someConfiguration, SUPPORT } from './testing/filing-facts.ts';

const CALL = { role: 'desktop-server', signal: new AbortController().signal } as Call;

const SEND = {
  host: 'mail.shop.example',
  port: 465,
  security: 'tls',
  authority: '',
  signIn: { type: 'password', user: 'support' },
} as const satisfies Mailbox['send'];

/** Seals nothing: what is sealed is another's test. */
const OPEN = {
  seal: (text: string): string => text,
  open: (sealed: string): string => sealed,
  derive: (): Buffer => Buffer.alloc(32, 7),
};

/** What a server was shown when settings were tried, with `kept` as the password that is kept. */
async function tried(send: NonNullable<Mailbox['send']>, sendSecret?: string) {
  const tables: Pick<SecretTables, 'of' | 'get'> = {
    of: async () => [{ use: 'send', kind: 'password', setAt: 0 }],
    get: async () => 'kept',
  };
  const parts = { key: OPEN, tables: tables as SecretTables, clock: systemClock };
  using credentials = new Credentials(new Secrets(parts), systemClock);
  const shown: (MailCredential | undefined)[] = [];
  const mailbox = {
    name: 'Support',
    address: 'support@shop.example',
    receive: { type: 'nothing' },
    send: SEND,
  };
  const methods = mailboxMethods({
    configuration: someConfiguration({ mailbox: { support: mailbox } }),
    credentials,
    clock: systemClock,
    trySending: async (_, credential) => void shown.push(credential),
  } as Partial<MailboxMethodsParts> as MailboxMethodsParts);
  const answer = await methods.tryOut({ mailbox: SUPPORT, send, sendSecret }, CALL);
  return { shown, good: answer.send?.good };
}

test('tryOut() shows a kept password to the server that it is kept for', async () => {
  expect(await tried(SEND)).toEqual({
    shown: [{ type: 'password', user: 'support', password: 'kept' }],
    good: true,
  });
});

test.each([
  ['another host', { host: 'mail.elsewhere.example' }],
  ['another port', { port: 2465 }],
  ['another user', { signIn: { type: 'password', user: 'other' } as const }],
  ['the same without encryption', { security: 'none' as const }],
  ['the same with another authority', { authority: 'Ours' }],
])('tryOut() shows no kept password to %s', async (_, changes) => {
  expect(await tried({ ...SEND, ...changes })).toEqual({ shown: [], good: false });
});

test('tryOut() shows what is typed to the server it is typed for, but never in plain text elsewhere', async () => {
  const there = { ...SEND, host: 'mail.elsewhere.example' };
  const shown = [{ type: 'password', user: 'support', password: 'typed' }];
  expect(await tried(there, 'typed')).toEqual({ shown, good: true });
  const plain = { ...there, security: 'none' } as const;
  expect(await tried(plain, 'typed')).toEqual({ shown: [], good: false });
  expect(await tried({ ...plain, host: '127.0.0.1' }, 'typed')).toEqual({ shown, good: true });
});
