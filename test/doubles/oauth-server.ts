/**
 * A double of the OAuth servers of Microsoft and Google: access tokens that end, refresh tokens that are good for one
 * use and end when they are not used, and a door where a mail server asks whether a token holds. It keeps time by the
 * clock that it is given.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import { days, hours } from '#base/time.ts';
import { portOf } from '#platform/doors/port-of.ts';

export interface OAuthServer extends AsyncDisposable {
  readonly tokenUrl: string;
  /** RFC 7662: for a mail server. */
  readonly introspectionUrl: string;
  readonly clientSecret: string;
  /** What somebody's consent brings. */
  consent(user: string): string;
  /** Takes back everything that came of a user's consent. */
  revoke(user: string): void;
  /** The access tokens of a user are good no more; their refresh token is. */
  endTokens(user: string): void;
  /** True while it could be used to sign in. */
  holds(token: string): boolean;
  /** How it answers from now on. */
  answer: 'well' | 'unavailable' | 'never' | 'garbage' | 'endlessly' | 'elsewhere';
  /** How often it was asked for tokens. */
  readonly asked: number;
}

const ACCESS: Milliseconds = hours(1);
/** Refresh tokens that lie unused for so long are forgotten. */
const UNUSED: Milliseconds = days(14);

interface Token {
  readonly user: string;
  readonly until: Instant;
}

export async function startOAuthServer(clock: Clock): Promise<OAuthServer> {
  const access = new Map<string, Token>();
  const refresh = new Map<string, Token>();
  const used = new Map<string, string>();
  const clientSecret = randomUUID();

  const revoke = (user: string): void => {
    for (const tokens of [access, refresh]) {
      for (const [token, { user: whose }] of tokens) if (whose === user) tokens.delete(token);
    }
  };
  const consent = (user: string): string => {
    const token = `refresh-${randomUUID()}`;
    refresh.set(token, { user, until: clock.now() + UNUSED });
    return token;
  };
  const grantAccess = (user: string): object => {
    const token = `access-${randomUUID()}`;
    for (const [old, { until }] of access) if (until <= clock.now()) access.delete(old);
    access.set(token, { user, until: clock.now() + ACCESS });
    return { access_token: token, token_type: 'Bearer', expires_in: ACCESS / 1_000 };
  };
  const holds = (token: string): boolean => (access.get(token)?.until ?? 0) > clock.now();

  const grant = (form: URLSearchParams): [status: number, body: object] => {
    const refuse = (error: string): [number, object] => [400, { error, error_description: error }];
    if (form.get('grant_type') === 'client_credentials') {
      if (form.get('client_secret') !== clientSecret) return refuse('invalid_client');
      return [200, grantAccess('application')];
    }
    const given = form.get('refresh_token') ?? '';
    const owner = used.get(given);
    if (owner !== undefined) revoke(owner); // used twice: somebody has stolen it
    const kept = refresh.get(given);
    if (!kept || kept.until <= clock.now()) return refuse('invalid_grant');
    refresh.delete(given);
    used.set(given, kept.user);
    return [200, { ...grantAccess(kept.user), refresh_token: consent(kept.user) }];
  };

  const double: Omit<OAuthServer, keyof AsyncDisposable | 'tokenUrl' | 'introspectionUrl'> = {
    clientSecret,
    consent,
    revoke,
    endTokens(user) {
      for (const [token, { user: whose }] of access) if (whose === user) access.delete(token);
    },
    holds,
    answer: 'well',
    get asked() {
      return asked;
    },
  };
  let asked = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams((await request.setEncoding('utf8').toArray()).join(''));
    const say = (status: number, body: object | string): void => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    };
    if (request.url === '/introspect') {
      const token = form.get('token') ?? '';
      const username = access.get(token)?.user;
      return say(200, holds(token) ? { active: true, username } : { active: false });
    }
    asked++;
    switch (double.answer) {
      case 'well':
        return say(...grant(form));
      case 'unavailable':
        return say(503, 'Service unavailable');
      case 'garbage':
        return say(200, '<html>');
      case 'elsewhere':
        return void response.writeHead(302, { location: '/introspect' }).end();
      case 'endlessly':
        return void response.writeHead(200).end('x'.repeat(1_000_000));
      case 'never':
        return undefined;
    }
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = `http://127.0.0.1:${portOf(server)}`;
  return Object.assign(double, {
    tokenUrl: `${at}/token`,
    introspectionUrl: `${at}/introspect`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
