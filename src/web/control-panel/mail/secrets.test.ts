import { expect, test } from 'vitest';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import { secretsToKeep, signsInAlike } from './secrets.ts';
import { serversOf } from './providers.ts';

const mailbox = serversOf('google', 'support@example.com');

test('secretsToKeep() keeps one password for both servers where both sign in alike', () => {
  expect(signsInAlike(mailbox, {})).toBe(true);
  expect(signsInAlike(mailbox, { 'send.own': 'yes' })).toBe(false);
  expect(secretsToKeep(mailbox, { 'receive.password': 'one' })).toEqual([
    { use: 'receive', kind: 'password', secret: 'one' },
    { use: 'send', kind: 'password', secret: 'one' },
  ]);
  expect(
    secretsToKeep(mailbox, { 'receive.password': 'one', 'send.password': 'other' }),
  ).toContainEqual({ use: 'send', kind: 'password', secret: 'other' });
});

test('secretsToKeep() keeps what was typed for another user apart, and nothing that was not typed', () => {
  const apart = {
    ...mailbox,
    send: { ...mailbox.send, signIn: { type: 'password', user: 'sender' } as const },
  };
  expect(secretsToKeep(apart, { 'receive.password': 'one' })).toEqual([
    { use: 'receive', kind: 'password', secret: 'one' },
  ]);
  expect(secretsToKeep(mailbox, { 'receive.password': 'one', 'send.own': 'yes' })).toEqual([
    { use: 'receive', kind: 'password', secret: 'one' },
  ]);
  expect(secretsToKeep(apart, {})).toEqual([]);
  expect(secretsToKeep({ receive: { type: 'smtp' } }, { 'receive.password': 'old' })).toEqual([]);
});

test('secretsToKeep() keeps what the way of signing in needs, not what was typed for another', () => {
  const signIn: MailSignIn = {
    type: 'oauth',
    user: 'support@example.com',
    provider: 'microsoft',
    clientId: 'app',
    grant: 'client-credentials',
  };
  const typed = { 'receive.password': 'left over', 'receive.client-secret': 'secret' };
  expect(secretsToKeep({ receive: { ...mailbox.receive, signIn } }, typed)).toEqual([
    { use: 'receive', kind: 'client-secret', secret: 'secret' },
  ]);
});
