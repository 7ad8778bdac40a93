import { expect, test } from 'vitest';
import { hours, minutes } from '#base/time.ts';
import { readAnswer, tokenForm, tokenUrlOf } from './token-request.ts';
import type { OAuthSettings } from './token-request.ts';

const settings = (more: Partial<OAuthSettings> = {}): OAuthSettings => ({
  type: 'oauth',
  user: 'support@example.com',
  provider: 'microsoft',
  clientId: 'emcee',
  grant: 'refresh-token',
  ...more,
});

test.for<[Partial<OAuthSettings>, string]>([
  [{}, 'https://login.microsoftonline.com/common/oauth2/v2.0/token'],
  [{ tenant: 'a/b' }, 'https://login.microsoftonline.com/a%2Fb/oauth2/v2.0/token'],
  [{ provider: 'google' }, 'https://oauth2.googleapis.com/token'],
  [{ tokenUrl: 'https://id.example.com/token' }, 'https://id.example.com/token'],
  [{ provider: 'other', tokenUrl: 'http://127.0.0.1:8000/t' }, 'http://127.0.0.1:8000/t'],
])('tokenUrlOf() asks for tokens of %j at %s', ([more, url]) => {
  expect(tokenUrlOf(settings(more)).href).toBe(url);
});

test.for<Partial<OAuthSettings>>([
  { provider: 'other' },
  { tokenUrl: 'http://id.example.com/token' },
  { tokenUrl: 'ftp://127.0.0.1/token' },
])('tokenUrlOf() sends no secret to %j', (more) => {
  expect(() => tokenUrlOf(settings(more))).toThrow('no https address');
});

test('tokenForm() asks for the rights to read and send mail', () => {
  const secrets = { refreshToken: 'r', clientSecret: 's' };
  expect(Object.fromEntries(tokenForm(settings(), secrets))).toEqual({
    client_id: 'emcee',
    client_secret: 's',
    grant_type: 'refresh_token',
    refresh_token: 'r',
    scope:
      'https://outlook.office365.com/IMAP.AccessAsUser.All https://outlook.office365.com/POP.AccessAsUser.All https://outlook.office365.com/SMTP.Send offline_access',
  });
  const own = settings({ grant: 'client-credentials' });
  expect(Object.fromEntries(tokenForm(own, secrets))).toEqual({
    client_id: 'emcee',
    client_secret: 's',
    grant_type: 'client_credentials',
    scope: 'https://outlook.office365.com/.default',
  });
  expect(tokenForm(settings({ provider: 'google' }), { refreshToken: 'r' }).has('scope')).toBe(
    false,
  );
  expect(() => tokenForm(settings(), {})).toThrow('The mailbox has no refresh token');
});

const answer = (status: number, body: unknown): unknown => {
  try {
    return readAnswer(
      'id.example.com',
      status,
      typeof body === 'string' ? body : JSON.stringify(body),
    );
  } catch (error) {
    return (error as { kind?: string }).kind;
  }
};

test.for<[number, unknown, unknown]>([
  [200, { access_token: 't', expires_in: 60 }, { token: 't', lasts: minutes(1) }],
  [
    200,
    { access_token: 't', expires_in: '3599', refresh_token: 'r' },
    { token: 't', lasts: 3_599_000, refreshToken: 'r' },
  ],
  [200, { access_token: 't' }, { token: 't', lasts: hours(1) }],
  [200, { access_token: 't', expires_in: 1e12 }, { token: 't', lasts: hours(24) }],
  [200, { access_token: 'a\r\nb' }, 'temporary'],
  [200, 'nonsense', 'temporary'],
  [400, { error: 'invalid_grant' }, 'permanent'],
  [401, { error: 'invalid_client', error_description: 'AADSTS7000222' }, 'permanent'],
  [400, { error: 'temporarily_unavailable' }, 'temporary'],
  [429, { error: 'invalid_grant' }, 'temporary'],
  [500, { error: 'invalid_grant' }, 'temporary'],
  [404, 'nothing here', 'temporary'],
])('readAnswer() understands %i %j', ([status, body, meaning]) => {
  expect(answer(status, body)).toEqual(meaning);
});
