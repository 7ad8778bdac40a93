/** Where mailboxes are, and what is usual there. */
import type { MailSecurity, MailSignIn, Receiving, Sending } from '#domain/configuration/mail.ts';

export type Provider = 'google' | 'microsoft' | 'other';

interface Servers {
  readonly receive: Extract<Receiving, { type: 'imap' }>;
  readonly send: Sending;
}

/** Where a mail server is; a port of `undefined` is the usual one. */
export interface ServerAddress {
  readonly host: string;
  readonly port?: number | undefined;
  readonly security: MailSecurity;
}

const HOSTS = {
  google: { receive: 'imap.gmail.com', send: 'smtp.gmail.com' },
  microsoft: { receive: 'outlook.office365.com', send: 'smtp.office365.com' },
} as const;

/** What a port is left out for. */
export const USUAL_PORTS: Readonly<
  Record<'imap' | 'pop3' | 'send', Readonly<Record<MailSecurity, number>>>
> = {
  imap: { tls: 993, starttls: 143, none: 143 },
  pop3: { tls: 995, starttls: 110, none: 110 },
  send: { tls: 465, starttls: 587, none: 25 },
};

/** The servers of a provider, with everything filled in that can be known. */
export function serversOf(provider: Provider, address: string): Servers {
  const user = address.trim();
  const signIn: MailSignIn =
    provider === 'microsoft' ? blankOAuth(provider, user) : { type: 'password', user };
  const { receive, send } = provider === 'other' ? { receive: '', send: '' } : HOSTS[provider];
  return {
    receive: {
      type: 'imap',
      host: receive,
      security: 'tls',
      authority: '',
      signIn,
      folder: 'INBOX',
      poll: 60_000,
      after: 'leave',
    },
    send: { host: send, security: 'starttls', authority: '', signIn },
  };
}

/** Another way of receiving: what both ways have stays, but for the port, which belongs to its protocol. */
export function receivingBy(
  type: Receiving['type'],
  before: Receiving,
  address: string,
): Receiving {
  if (type === 'smtp' || type === 'nothing') return { type };
  const usual = serversOf('other', address).receive;
  const { host, security, authority, signIn, poll } = 'host' in before ? before : usual;
  const shared = { host, security, authority, signIn, poll, after: 'leave' } as const;
  return type === 'pop3' ? { ...shared, type } : { ...shared, type, folder: usual.folder };
}

/** How agents' mail leaves, before anything is typed. */
export function sendingBy(
  provider: Provider,
  address: string,
  receiving: MailSignIn | undefined,
): Sending {
  const usual = serversOf(provider, address).send;
  return receiving ? { ...usual, signIn: receiving } : usual;
}

/** A server with another address; the rest of it stays. */
export function withServer<T extends ServerAddress>(
  server: T,
  { host, port, security }: ServerAddress,
): T {
  return { ...server, host, port, security };
}

/** Which provider a mailbox is at, by the server that its mail comes from. */
export function providerOf(receive: Partial<Receiving> | undefined): Provider {
  const host = receive && 'host' in receive ? receive.host : undefined;
  if (host === HOSTS.google.receive) return 'google';
  return host === HOSTS.microsoft.receive ? 'microsoft' : 'other';
}

/** A server as it is often called, shown where none is given yet. */
export const likelyHost = (use: 'imap' | 'pop3' | 'smtp', address: string): string =>
  `${use}.${address.split('@')[1]?.trim() || 'example.com'}`;

/** The address of a mailbox as it is being typed. */
export const addressIn = (body: Readonly<Record<string, unknown>>): string =>
  textOf(body['address']);

/** A login that was the address stays the address. */
export function followAddress(
  before: Readonly<Record<string, unknown>>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  if (before['address'] === after['address']) return after;
  const was = addressIn(before);
  const now = addressIn(after);
  const next = { ...after };
  for (const use of ['receive', 'send'] as const) {
    const servers = after[use] as { signIn?: MailSignIn } | undefined;
    if (servers?.signIn && ['', was].includes(servers.signIn.user)) {
      next[use] = { ...servers, signIn: { ...servers.signIn, user: now } };
    }
  }
  return next;
}

/** What OAuth begins with where nothing is known of it. */
export const blankOAuth = (
  provider: Provider,
  user: string,
): Extract<MailSignIn, { type: 'oauth' }> => ({
  type: 'oauth',
  user,
  provider,
  clientId: '',
  grant: provider === 'google' ? 'refresh-token' : 'client-credentials',
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
