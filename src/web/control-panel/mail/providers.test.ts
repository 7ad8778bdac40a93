import { expect, test } from 'vitest';
import { Mailbox } from '#domain/configuration/mail.ts';
import { USUAL_PORTS, followAddress, likelyHost, providerOf, serversOf } from './providers.ts';

test('serversOf() fills in all but what only the administrator knows', () => {
  const google = { name: 'Support', address: 'support@example.com' };
  expect(
    Mailbox.parse({ ...google, ...serversOf('google', ' support@example.com ') }),
  ).toMatchObject({
    receive: { type: 'imap', host: 'imap.gmail.com', signIn: { user: 'support@example.com' } },
    send: { host: 'smtp.gmail.com', security: 'starttls' },
  });
  const microsoft = Mailbox.safeParse({ ...google, ...serversOf('microsoft', google.address) });
  expect(microsoft.error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'receive.signIn.clientId',
    'send.signIn.clientId',
  ]);
  const other = Mailbox.safeParse({ ...google, ...serversOf('other', google.address) });
  expect(other.error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'receive.host',
    'send.host',
  ]);
});

test('providerOf() knows a provider by its server', () => {
  for (const provider of ['google', 'microsoft', 'other'] as const) {
    expect(providerOf(serversOf(provider, 'a@example.com').receive)).toBe(provider);
  }
  expect(providerOf({ type: 'smtp' })).toBe('other');
  expect(providerOf(undefined)).toBe('other');
});

test('followAddress() keeps a login that is the address, and leaves another alone', () => {
  const before = { address: 'a@example.com', ...serversOf('other', 'a@example.com') };
  const after = { ...before, address: 'b@example.com' };
  expect(followAddress(before, after)).toMatchObject({
    receive: { signIn: { user: 'b@example.com' } },
    send: { signIn: { user: 'b@example.com' } },
  });
  const own = {
    ...before,
    receive: { ...before.receive, signIn: { type: 'password', user: 'mail-17' } },
  };
  expect(followAddress(own, { ...own, address: 'b@example.com' })).toMatchObject({
    receive: { signIn: { user: 'mail-17' } },
    send: { signIn: { user: 'b@example.com' } },
  });
  expect(followAddress({ address: 'a@b' }, { address: 'b@b', receive: { type: 'smtp' } })).toEqual({
    address: 'b@b',
    receive: { type: 'smtp' },
  });
});

test('likelyHost() is at the domain of the address', () => {
  expect(likelyHost('imap', 'support@example.org')).toBe('imap.example.org');
  expect(likelyHost('smtp', '')).toBe('smtp.example.com');
  expect(USUAL_PORTS.send.starttls).toBe(587);
});
