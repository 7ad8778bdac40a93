import { expect, test } from 'vitest';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import { serversOf } from './providers.ts';
import { secretsAfter, signsInAlike } from './secrets.ts';

const mailbox = serversOf('google', 'support@example.com');
const apart = {
  ...mailbox,
  send: { ...mailbox.send, signIn: { type: 'password', user: 'sender' } as const },
};
const keptForSending = [{ use: 'send', kind: 'password', setAt: 0 }];

test('signsInAlike() is so by itself, until a secret is kept for sending or one chooses otherwise', () => {
  expect(signsInAlike(mailbox, {}, [])).toBe(true);
  expect(signsInAlike(mailbox, {}, keptForSending)).toBe(false);
  expect(signsInAlike(mailbox, { 'send.sign-in': 'alike' }, keptForSending)).toBe(true);
  expect(signsInAlike(mailbox, { 'send.sign-in': 'own' }, [])).toBe(false);
  expect(signsInAlike(apart, { 'send.sign-in': 'alike' }, [])).toBe(false);
  expect(signsInAlike({ receive: { type: 'smtp' }, send: mailbox.send }, {}, [])).toBe(false);
});

test('secretsAfter() keeps a password for both servers once, and drops another one for sending', () => {
  const receive = { use: 'receive', kind: 'password', secret: 'one' };
  const typed = { 'receive.password': 'one', 'send.password': 'typed before' };
  expect(secretsAfter(mailbox, typed, [])).toEqual({ keep: [receive], forgetSending: false });
  expect(secretsAfter(mailbox, { ...typed, 'send.sign-in': 'alike' }, keptForSending)).toEqual({
    keep: [receive],
    forgetSending: true,
  });
});

test('secretsAfter() keeps what was typed for another user apart, and nothing that was not typed', () => {
  const typed = { 'receive.password': 'one', 'send.password': 'other' };
  expect(secretsAfter(apart, typed, keptForSending)).toEqual({
    keep: [
      { use: 'receive', kind: 'password', secret: 'one' },
      { use: 'send', kind: 'password', secret: 'other' },
    ],
    forgetSending: false,
  });
  expect(secretsAfter(apart, {}, keptForSending)).toEqual({ keep: [], forgetSending: false });
  expect(
    secretsAfter({ receive: { type: 'smtp' } }, { 'receive.password': 'old' }, keptForSending),
  ).toEqual({ keep: [], forgetSending: true });
});

test('secretsAfter() keeps what the way of signing in needs, not what was typed for another', () => {
  const signIn: MailSignIn = {
    type: 'oauth',
    user: 'support@example.com',
    provider: 'microsoft',
    clientId: 'app',
    grant: 'client-credentials',
  };
  const typed = { 'receive.password': 'left over', 'receive.client-secret': 'secret' };
  expect(secretsAfter({ receive: { ...mailbox.receive, signIn } }, typed, []).keep).toEqual([
    { use: 'receive', kind: 'client-secret', secret: 'secret' },
  ]);
});
