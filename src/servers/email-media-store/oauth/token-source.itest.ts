import { expect, test } from 'vitest';
import { ManualClock, days, hours, minutes, seconds } from '#base/time.ts';
import { startOAuthServer } from '../../../../test/doubles/oauth-server.ts';
import type { OAuthServer } from '../../../../test/doubles/oauth-server.ts';
import { startDovecot } from '../../../../test/servers/dovecot.ts';
import { ServerMissing } from '../../../../test/servers/shared.ts';
import { skipOrFail } from '../../../../test/servers/skip-or-fail.ts';
import type { MailFailure } from '../mail-failure.ts';
import { openMailSource } from '../open-mail-source.ts';
import { as, failureOf } from '../testing/sources.ts';
import type { OAuthSettings } from './token-request.ts';
import { OAuthTokens } from './token-source.ts';

const { signal } = new AbortController();

function settingsFor(server: OAuthServer, more: Partial<OAuthSettings> = {}): OAuthSettings {
  return {
    type: 'oauth',
    user: 'support',
    provider: 'other',
    clientId: 'emcee',
    grant: 'refresh-token',
    tokenUrl: server.tokenUrl,
    ...more,
  };
}

/** What is kept of a mailbox's consent, as its store keeps it. */
class Vault {
  refreshToken: string;
  broken = false;

  constructor(refreshToken: string) {
    this.refreshToken = refreshToken;
  }

  readonly keep = (refreshToken: string): Promise<void> => {
    if (this.broken) return Promise.reject(new Error('no database'));
    this.refreshToken = refreshToken;
    return Promise.resolve();
  };

  open(server: OAuthServer, clock: ManualClock): OAuthTokens {
    const secrets = { refreshToken: this.refreshToken };
    return new OAuthTokens({ settings: settingsFor(server), secrets, keep: this.keep, clock });
  }
}

test('for 90 days there is a token that holds, over restarts and outages of the provider', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  await using server = await startOAuthServer(clock);
  const vault = new Vault(server.consent('support'));
  let tokens = vault.open(server, clock);
  const failures: MailFailure[] = [];
  const given: { readonly holds: boolean; readonly isOut: boolean }[] = [];
  for (let step = 0; step < 90 * 12; step++) {
    const isOut = (step * 2) % 71 > 66; // four hours or so in three days
    server.answer = isOut ? (step % 2 === 0 ? 'unavailable' : 'garbage') : 'well';
    if (step % 17 === 0) tokens = vault.open(server, clock);
    try {
      given.push({ holds: server.holds(await tokens.token(signal)), isOut });
    } catch (error) {
      failures.push(error as MailFailure);
      given.push({ holds: false, isOut });
    }
    clock.advance(hours(2));
  }
  expect(clock.now()).toBe(Date.UTC(2026, 0, 1) + days(90));
  expect(given.filter(({ holds, isOut }) => !holds && !isOut)).toEqual([]);
  expect(failures.filter(({ kind }) => kind !== 'temporary')).toEqual([]);
  expect(failures.length).toBeLessThan(100);
}, 60_000); // a thousand requests, also on a busy machine

test('while the provider is out of order the last token is used to its end', async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startOAuthServer(clock);
  const tokens = new Vault(server.consent('support')).open(server, clock);
  const token = await tokens.token(signal);
  server.answer = 'unavailable';
  clock.advance(minutes(59));
  expect(await tokens.token(signal)).toBe(token);
  clock.advance(minutes(1));
  expect(await failureOf(tokens.token(signal))).toMatchObject({ kind: 'temporary' });
  server.answer = 'well';
  expect(server.holds(await tokens.token(signal))).toBe(true);
});

test('many who ask at once ask the provider once, and a token is replaced before it ends', async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startOAuthServer(clock);
  const tokens = new Vault(server.consent('support')).open(server, clock);
  const all = await Promise.all(Array.from({ length: 50 }, () => tokens.token(signal)));
  expect(new Set(all).size).toBe(1);
  expect(server.asked).toBe(1);
  clock.advance(minutes(54));
  expect(await tokens.token(signal)).toBe(all[0]);
  clock.advance(minutes(1));
  expect(await tokens.token(signal)).not.toBe(all[0]);
  expect(server.asked).toBe(2);
});

test('a refresh token is kept before anything that came with it is used, however often keeping fails', async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startOAuthServer(clock);
  const vault = new Vault(server.consent('support'));
  const tokens = vault.open(server, clock);
  vault.broken = true;
  for (let time = 0; time < 3; time++)
    await expect(tokens.token(signal)).rejects.toThrow('no database');
  expect(server.asked).toBe(1);
  vault.broken = false;
  expect(server.holds(await tokens.token(signal))).toBe(true);
  expect(server.holds(await vault.open(server, clock).token(signal))).toBe(true);
});

test('what the provider will refuse again is told from what will pass', async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startOAuthServer(clock);
  const vault = new Vault(server.consent('support'));
  const fails = async (answer: OAuthServer['answer']): Promise<MailFailure> => {
    server.answer = answer;
    return failureOf(vault.open(server, clock).token(signal));
  };
  expect(await fails('unavailable')).toMatchObject({ kind: 'temporary', reason: 'server' });
  expect(await fails('garbage')).toMatchObject({ kind: 'temporary', reason: 'server' });
  expect(await fails('endlessly')).toMatchObject({ kind: 'temporary', reason: 'protocol' });
  expect(await fails('elsewhere')).toMatchObject({ kind: 'temporary' });
  server.revoke('support');
  expect(await fails('well')).toMatchObject({
    kind: 'permanent',
    reason: 'authentication-refused',
    advice:
      'Agree once more that the mailbox may be read, and keep the refresh token that comes of it.',
  });
});

test('a provider that never answers is not waited for, and whoever gives up does so alone', async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startOAuthServer(clock);
  server.answer = 'never';
  const tokens = new Vault(server.consent('support')).open(server, clock);
  const impatient = new AbortController();
  const gaveUp = tokens.token(impatient.signal);
  const waited = failureOf(tokens.token(signal));
  impatient.abort(new Error('enough'));
  await expect(gaveUp).rejects.toThrow('enough');
  await expect.poll(() => server.asked).toBe(1);
  clock.advance(seconds(31));
  expect(await waited).toMatchObject({ kind: 'temporary', reason: 'timeout' });
});

test('an application of the organisation signs in with its own secret', async () => {
  const clock = new ManualClock(Date.now());
  await using server = await startOAuthServer(clock);
  const keep = (): Promise<void> => Promise.reject(new Error('There is nothing to keep'));
  const open = (clientSecret?: string): OAuthTokens =>
    new OAuthTokens({
      settings: settingsFor(server, { grant: 'client-credentials' }),
      secrets: { clientSecret },
      keep,
      clock,
    });
  const tokens = open(server.clientSecret);
  const first = await tokens.token(signal);
  clock.advance(hours(1));
  expect(server.holds(first)).toBe(false);
  expect(server.holds(await tokens.token(signal))).toBe(true);
  expect(await failureOf(open('another').token(signal))).toMatchObject({ kind: 'permanent' });
  expect(await failureOf(open().token(signal))).toMatchObject({
    kind: 'permanent',
    what: 'The mailbox has no client secret',
  });
});

test.for(['imap', 'pop3'] as const)(
  'a mail server lets a token in by %s; one that it takes no more is replaced at once',
  async (type, context) => {
    const clock = new ManualClock(Date.now());
    await using server = await startOAuthServer(clock);
    await using dovecot = await startDovecot({ introspection: server.introspectionUrl }).catch(
      (error: unknown) => {
        if (error instanceof ServerMissing) return skipOrFail(context, error.message);
        throw error;
      },
    );
    const tokens = new Vault(server.consent('support')).open(server, clock);
    const open = (): ReturnType<typeof openMailSource> => {
      const settings = {
        host: dovecot.host,
        security: 'tls',
        authority: dovecot.authority,
        signIn: settingsFor(server),
        poll: minutes(1),
        after: 'leave',
      } as const;
      const credential = { type: 'token', user: 'support', tokens } as const;
      const { imaps, pop3s } = dovecot.ports;
      return openMailSource(
        type === 'imap'
          ? { ...settings, type, port: imaps, folder: 'INBOX' }
          : { ...settings, type, port: pop3s },
        { ...as('support'), credential },
      );
    };
    {
      await using source = await open();
      expect((await source.list(signal)).keys).toEqual([]);
    }
    server.endTokens('support');
    await using again = await open();
    expect((await again.list(signal)).keys).toEqual([]);
    server.revoke('support');
    expect(await failureOf(open())).toMatchObject({
      kind: 'permanent',
      reason: 'authentication-refused',
    });
  },
);
