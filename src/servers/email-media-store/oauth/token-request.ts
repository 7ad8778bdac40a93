/** What is asked of an OAuth server, and what its answer means: RFC 6749 §4.4, §5 and §6. */
import { z } from 'zod';
import type { Milliseconds } from '#base/time.ts';
import { hours, minutes, seconds } from '#base/time.ts';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import { MailFailure, oneLine } from '../mail-failure.ts';

export type OAuthSettings = Extract<MailSignIn, { type: 'oauth' }>;

/** What we prove to the OAuth server that we are, and what somebody once agreed to. */
export interface OAuthSecrets {
  readonly clientSecret?: string | undefined;
  readonly refreshToken?: string | undefined;
}

const OUTLOOK = 'https://outlook.office365.com';
/** What the providers call reading and sending mail for a user. */
const SCOPES = {
  microsoft: {
    'refresh-token': ['IMAP.AccessAsUser.All', 'POP.AccessAsUser.All', 'SMTP.Send']
      .map((right) => `${OUTLOOK}/${right}`)
      .concat('offline_access')
      .join(' '),
    'client-credentials': `${OUTLOOK}/.default`,
  },
  google: { 'refresh-token': '', 'client-credentials': '' },
  other: { 'refresh-token': '', 'client-credentials': '' },
} as const;

/** Where tokens are asked for. @throws {MailFailure} If the settings name no place that a secret may be sent to. */
export function tokenUrlOf({ provider, tenant, tokenUrl }: OAuthSettings): URL {
  if (tokenUrl === undefined && provider === 'google') {
    return new URL('https://oauth2.googleapis.com/token');
  }
  if (tokenUrl === undefined && provider === 'microsoft') {
    const directory = encodeURIComponent(tenant === undefined || tenant === '' ? 'common' : tenant);
    return new URL(`https://login.microsoftonline.com/${directory}/oauth2/v2.0/token`);
  }
  const url = URL.parse(tokenUrl ?? '');
  const isNear = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isNear)) return url;
  throw new MailFailure({
    kind: 'permanent',
    reason: 'authentication-refused',
    what: 'The address for tokens is no https address, so no secret was sent to it',
    advice: "Set the address for tokens in the mailbox's settings to the provider's https address.",
  });
}

/** The form that is posted. @throws {MailFailure} If a secret is missing. */
export function tokenForm(settings: OAuthSettings, secrets: OAuthSecrets): URLSearchParams {
  const { clientId, grant, provider } = settings;
  const form = new URLSearchParams({ client_id: clientId });
  if (grant === 'client-credentials') {
    form.set('grant_type', 'client_credentials');
    form.set('client_secret', secrets.clientSecret ?? missing('client secret'));
  } else {
    form.set('grant_type', 'refresh_token');
    form.set('refresh_token', secrets.refreshToken ?? missing('refresh token'));
    if (secrets.clientSecret !== undefined) form.set('client_secret', secrets.clientSecret);
  }
  const scope = settings.scope ?? SCOPES[provider][grant];
  if (scope !== '') form.set('scope', scope);
  return form;
}

function missing(secret: string): never {
  throw new MailFailure({
    kind: 'permanent',
    reason: 'authentication-refused',
    what: `The mailbox has no ${secret}`,
    advice:
      secret === 'refresh token'
        ? 'Agree once more that the mailbox may be read, and keep the refresh token that comes of it.'
        : "Keep the client secret of the organisation's application.",
  });
}

/** Tokens as we use them. */
export interface Granted {
  readonly token: string;
  /** From now on. */
  readonly lasts: Milliseconds;
  /** The next one to ask with; left out: the same. */
  readonly refreshToken: string | undefined;
}

const Token = z.string().regex(/^[\u0021-\u007E]{1,16384}$/);
const Success = z.object({
  access_token: Token,
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: Token.optional(),
});
const Refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** The server is out of order and says so in the form of a refusal. */
const NOT_NOW = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** What an answer grants. @throws {MailFailure} */
export function readAnswer(host: string, status: number, text: string): Granted {
  const body: unknown = parse(text);
  const success = Success.safeParse(body);
  if (status === 200 && success.success) {
    const { access_token: token, refresh_token: refreshToken, expires_in } = success.data;
    const lasts = expires_in === undefined ? hours(1) : seconds(Math.floor(expires_in));
    return { token, refreshToken, lasts: Math.min(Math.max(lasts, minutes(1)), hours(24)) };
  }
  const refusal = Refusal.safeParse(body);
  if (refusal.success && status >= 400 && status < 500 && status !== 429) {
    const { error, error_description: described = '' } = refusal.data;
    if (!NOT_NOW.has(error)) throw refusalFailure(host, error, described);
  }
  throw new MailFailure({
    kind: 'temporary',
    reason: 'server',
    what: `The OAuth server at "${host}" gives no token now (${status}): ${oneLine(text) || 'it says nothing'}`,
    advice: 'It is tried again; if it lasts, look at the state of the provider.',
  });
}

/** A refusal stays one until somebody does something: trying again would only lock the account. */
function refusalFailure(host: string, error: string, described: string): MailFailure {
  const advice: Readonly<Record<string, string>> = {
    invalid_grant:
      'Agree once more that the mailbox may be read, and keep the refresh token that comes of it.',
    interaction_required:
      'Agree once more that the mailbox may be read: the organisation asks for more than before.',
    invalid_client: 'Keep the client secret anew: it has ended or is of another application.',
    unauthorized_client: 'Allow the application to read mail in the directory of the organisation.',
    invalid_scope: 'Check the scope in the settings of the mailbox.',
  };
  return new MailFailure({
    kind: 'permanent',
    reason: 'authentication-refused',
    what: `The OAuth server at "${host}" refuses: ${oneLine(`${error} ${described}`)}`,
    advice: advice[error] ?? 'Check the application and the tenant in the settings of the mailbox.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
