import { expect, test } from 'vitest';
import { mailboxProblems } from './check-mail.ts';
import { Configuration } from './configuration.ts';
import { Mailbox } from './mail.ts';

const signIn = { type: 'password', user: 'support' };

const problemsAt = (host: string, security: string) => {
  const server = { host, security, signIn };
  const body = {
    name: 'Support',
    address: 'support@shop.example',
    receive: { type: 'imap', ...server },
    send: server,
  };
  const problems = mailboxProblems(Mailbox.parse(body), 'support', new Configuration());
  return problems.map(({ path }) => path);
};

test.each(['localhost', '127.0.0.1', '127.0.1.1', '::1', '[::1]'])(
  'a mailbox signs in without encryption at %s, which is this machine',
  (host) => {
    expect(problemsAt(host, 'none')).toEqual([]);
  },
);

test.each(['mail.example.com', '10.0.0.1', '127.0.0.1.example.com', 'localhost.example.com'])(
  'a mailbox signs in at %s with encryption only',
  (host) => {
    expect(problemsAt(host, 'none')).toEqual(['receive.security', 'send.security']);
    expect(problemsAt(host, 'starttls')).toEqual([]);
  },
);

test('a server that wants no password may be anywhere', () => {
  const send = { host: 'relay.example.com', security: 'none' };
  const body = {
    name: 'Support',
    address: 'support@shop.example',
    receive: { type: 'nothing' },
    send,
  };
  expect(mailboxProblems(Mailbox.parse(body), 'support', new Configuration())).toEqual([]);
});
