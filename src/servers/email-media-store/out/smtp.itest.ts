import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { systemClock } from '#base/time.ts';
import { MoodySmtp } from '../../../../test/doubles/moody-smtp.ts';
import { startOAuthServer } from '../../../../test/doubles/oauth-server.ts';
import { startDovecot } from '../../../../test/servers/dovecot.ts';
import { shared } from '../../../../test/servers/shared.ts';
import { OAuthTokens } from '../oauth/token-source.ts';
import { type SmtpMessage, type SmtpOptions, openSmtp } from './smtp.ts';

/** Dovecot's submission takes mail as a provider does, and hands it on to the double. */
const theServers = shared(async () => {
  await using life = new AsyncDisposableStack();
  const relay = life.use(await MoodySmtp.start());
  const dovecot = life.use(await startDovecot({ relay: relay.port }));
  const running = life.move();
  return { relay, dovecot, [Symbol.asyncDispose]: () => running.disposeAsync() };
});

const message = (changes: Partial<SmtpMessage> = {}): SmtpMessage => {
  const bytes = Buffer.from('Subject: One\r\n\r\n.\r\n..two\r\nGr\u00fc\u00dfe\r\n');
  return {
    sender: 'support@shop.example',
    recipients: ['customer@customer.example'],
    size: bytes.length,
    raw: Readable.from([bytes], { objectMode: false }),
    envelopeId: '019e82a0-3d00-77ca-9d76-c9e7cb0a936d',
    report: ['FAILURE', 'DELAY'],
    ...changes,
  };
};
const never = new AbortController().signal;

async function options(
  context: Parameters<typeof theServers>[0],
  changes: Partial<SmtpOptions['send']> = {},
): Promise<SmtpOptions> {
  const { dovecot } = await theServers(context);
  return {
    send: {
      host: 'localhost',
      port: dovecot.ports.submission,
      security: 'starttls',
      authority: dovecot.authority,
      ...changes,
    },
    credential: { type: 'password', user: 'support', password: dovecot.password },
  };
}

for (const security of ['starttls', 'tls'] as const) {
  test(`openSmtp() signs in over ${security} and hands every byte over`, async (context) => {
    const { relay, dovecot } = await theServers(context);
    const port = security === 'tls' ? dovecot.ports.submissions : dovecot.ports.submission;
    await using smtp = openSmtp(await options(context, { security, port }));
    const before = relay.mails.length;
    expect(await smtp.tryOut()).toBeUndefined();
    expect(await smtp.send(message(), never)).toEqual({
      type: 'taken',
      refused: [],
      messageId: undefined,
    });
    const [mail] = relay.mails.slice(before);
    expect(mail).toMatchObject({ from: 'support@shop.example', to: ['customer@customer.example'] });
    expect(mail?.message).toContain('\r\n.\r\n..two\r\n');
  });
}

test('openSmtp() sends nothing to a server whose certificate it cannot believe', async (context) => {
  const { relay, dovecot } = await theServers(context);
  const before = relay.mails.length;
  const cases = [
    { authority: '' },
    { authority: '', security: 'tls', port: dovecot.ports.submissions },
  ] as const;
  for (const changes of cases) {
    await using smtp = openSmtp(await options(context, changes));
    expect(await smtp.send(message(), never)).toMatchObject({
      type: 'unreachable',
      failure: { kind: 'permanent', reason: 'authority-unknown' },
    });
  }
  expect(relay.mails).toHaveLength(before);
});

test('openSmtp() never leaves required encryption out', async () => {
  await using plain = await MoodySmtp.start(); // offers no STARTTLS
  const send = { host: '127.0.0.1', port: plain.port, authority: '' };
  await using smtp = openSmtp({ send: { ...send, security: 'starttls' }, credential: undefined });
  expect(await smtp.send(message(), never)).toMatchObject({
    type: 'unreachable',
    failure: { kind: 'permanent', reason: 'no-encryption' },
  });
  expect(plain.mails).toEqual([]);
});

test('openSmtp() tells a wrong password from a server that is busy', async (context) => {
  const usual = await options(context);
  const credential = { type: 'password', user: 'support', password: 'wrong' } as const;
  await using smtp = openSmtp({ ...usual, credential });
  expect(await smtp.send(message(), never)).toMatchObject({
    type: 'unreachable',
    answered: true,
    failure: { kind: 'permanent', reason: 'authentication-refused' },
  });
  await using busy = await MoodySmtp.start();
  busy.sender = () => '421 come back later';
  const send = { host: '127.0.0.1', port: busy.port, authority: '', security: 'none' } as const;
  await using other = openSmtp({ send, credential: undefined });
  expect(await other.send(message(), never)).toMatchObject({
    type: 'unreachable',
    answered: true,
    failure: { kind: 'temporary' },
  });
});

test('openSmtp() ends when it is told to, however long the server says nothing', async () => {
  await using silent = await MoodySmtp.start();
  silent.message = () => 'silence';
  const send = { host: '127.0.0.1', port: silent.port, authority: '', security: 'none' } as const;
  await using smtp = openSmtp({ send, credential: undefined });
  const stop = new AbortController();
  const sending = smtp.send(message(), stop.signal);
  await expect.poll(() => silent.mails.length).toBe(1);
  stop.abort();
  expect(await sending).toMatchObject({ type: 'unreachable', answered: false });
});

test('openSmtp() signs in with a token, a new one where the old one was taken back', async (context) => {
  await using life = new AsyncDisposableStack();
  const { relay } = await theServers(context);
  const oauth = life.use(await startOAuthServer(systemClock));
  const { introspectionUrl: introspection } = oauth;
  const dovecot = life.use(await startDovecot({ relay: relay.port, introspection }));
  const settings = {
    type: 'oauth',
    user: 'support',
    provider: 'other',
    clientId: 'emcee',
    grant: 'refresh-token',
    tokenUrl: oauth.tokenUrl,
  } as const;
  const tokens = new OAuthTokens({
    settings,
    secrets: { refreshToken: oauth.consent('support') },
    keep: async () => undefined,
    clock: systemClock,
  });
  const options: SmtpOptions = {
    send: {
      host: 'localhost',
      port: dovecot.ports.submission,
      security: 'starttls',
      authority: dovecot.authority,
    },
    credential: { type: 'token', user: 'support', tokens },
  };
  const before = relay.mails.length;
  for (const isTakenBack of [false, true]) {
    if (isTakenBack) oauth.endTokens('support');
    await using smtp = openSmtp(options);
    expect(await smtp.send(message(), never)).toMatchObject({ type: 'taken' });
  }
  expect(relay.mails).toHaveLength(before + 2);
  oauth.revoke('support');
  await using smtp = openSmtp(options);
  expect(await smtp.send(message(), never)).toMatchObject({
    type: 'unreachable',
    failure: { kind: 'permanent' },
  });
});
