/** What goes wrong at a mail server, told so that an administrator knows what to do. */
import { codeOf, messageOf } from '#base/failure.ts';

/** Whom we spoke to, for sentences. */
export interface MailPeer {
  readonly protocol: 'IMAP' | 'POP3' | 'SMTP' | 'OAuth';
  readonly host: string;
  readonly port: number;
}

export type MailFailureReason =
  | 'authentication-refused'
  | 'authority-unknown'
  | 'certificate-wrong'
  | 'closed'
  | 'folder-missing'
  | 'host-unknown'
  | 'in-use'
  | 'message-unreadable'
  | 'no-encryption'
  | 'over-quota'
  | 'protocol'
  | 'refused'
  | 'server'
  | 'timeout'
  | 'tls'
  | 'unreachable';

interface MailFailureOptions {
  readonly kind: 'temporary' | 'permanent';
  readonly reason: MailFailureReason;
  readonly what: string;
  readonly advice: string;
  readonly cause?: unknown;
}

/** A mail server did not do what we asked for. The message is `what`. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure';
  /**
   * `permanent`: trying again as it stands will fail in the same way; somebody must act first. A server that is slow,
   * away or out of order is `temporary`, for however long.
   */
  readonly kind: 'temporary' | 'permanent';
  readonly reason: MailFailureReason;
  /** What is wrong, in one sentence without a full stop. */
  readonly what: string;
  /** What to do about it, in one sentence. */
  readonly advice: string;

  /**
   * Keys of the messages that were being fetched when the connection broke: one of them may be what breaks it. See
   * `Suspects`.
   */
  suspects: readonly string[] = [];

  constructor({ kind, reason, what, advice, cause }: MailFailureOptions) {
    const plain = what.replace(/[.\s]+$/, ''); // a server's own words often end with one
    super(plain, { cause });
    this.kind = kind;
    this.reason = reason;
    this.what = plain;
    this.advice = advice;
  }

  /** The same failure, with suspects. */
  during(keys: readonly string[]): this {
    this.suspects = keys;
    return this;
  }

  /** The connection cannot be used any more. */
  get endsSource(): boolean {
    return !['message-unreadable', 'folder-missing', 'over-quota'].includes(this.reason);
  }
}

/** OpenSSL's and Node's words for a certificate whose signer nobody here believes. */
const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);
const WRONG_CERTIFICATE = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
]);
const AWAY = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL']);
const LATE = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ABORT_ERR', 'CONNECT_TIMEOUT']);

/** What a broken connection, name or handshake means; what is a `MailFailure` already stays as it is. */
export function connectionFailure(thrown: unknown, peer: MailPeer): MailFailure {
  if (thrown instanceof MailFailure) return thrown;
  const code = innermostCode(thrown) ?? '';
  const at = `"${peer.host}" on port ${peer.port}`;
  const failed = (
    kind: MailFailure['kind'],
    reason: MailFailureReason,
    what: string,
    advice: string,
  ): MailFailure => new MailFailure({ kind, reason, what, advice, cause: thrown });

  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failed(
      'temporary', // a resolver that is out of order says the same as a name that is none
      'host-unknown',
      `No address is known for the host "${peer.host}"`,
      "Check the host's name, and that this machine's name service answers.",
    );
  }
  if (code === 'ECONNREFUSED') {
    return failed(
      'temporary',
      'refused',
      `Nobody answers at ${at}: the connection was refused`,
      `Check that the ${peer.protocol} server runs, and the port.`,
    );
  }
  if (AWAY.has(code)) {
    return failed(
      'temporary',
      'unreachable',
      `No way leads to ${at}`,
      "Check this machine's network and the firewall between it and the mail server.",
    );
  }
  if (LATE.has(code)) return timeoutFailure(peer, 'did not answer in time', thrown);
  if (UNKNOWN_AUTHORITY.has(code)) {
    return failed(
      'permanent',
      'authority-unknown',
      `The certificate of ${at} was signed by an authority that is not known here`,
      "Put the certificate of its authority into the mailbox's settings, or have the server show one that the world trusts.",
    );
  }
  if (WRONG_CERTIFICATE.has(code)) {
    return failed(
      'permanent',
      'certificate-wrong',
      `The certificate of ${at} cannot be believed: ${oneLine(messageOf(thrown))}`,
      'Use the name that the certificate holds, or have the server show one that is valid.',
    );
  }
  if (/^ERR_(?:SSL|TLS|OSSL)_|^EPROTO$/.test(code)) {
    return failed(
      'permanent',
      'tls',
      `TLS could not be agreed on with ${at}: ${oneLine(messageOf(thrown))}`,
      'Check whether this port speaks TLS at once or after STARTTLS, and that the server knows TLS 1.2 or later.',
    );
  }
  return failed(
    'temporary',
    'closed',
    `The connection to ${at} broke: ${oneLine(messageOf(thrown))}`,
    `It is tried again; if it lasts, look into the log of the ${peer.protocol} server.`,
  );
}

/** The server took too long. */
export function timeoutFailure(peer: MailPeer, what: string, cause?: unknown): MailFailure {
  return new MailFailure({
    kind: 'temporary',
    reason: 'timeout',
    what: `The ${peer.protocol} server at "${peer.host}" on port ${peer.port} ${what}`,
    advice: 'Check that it works and that no firewall swallows the connection; it is tried again.',
    cause,
  });
}

/** The server said what its protocol does not allow, or more than anybody could hold. */
export function protocolFailure(peer: MailPeer, what: string, cause?: unknown): MailFailure {
  return new MailFailure({
    kind: 'temporary',
    reason: 'protocol',
    what: `What "${peer.host}" on port ${peer.port} sends is no sound ${peer.protocol}: ${oneLine(what)}`,
    advice: `Check that an ${peer.protocol} server listens there and that nothing between changes what it says.`,
    cause,
  });
}

/** The server offers no encryption where the settings ask for it. */
export function encryptionFailure(peer: MailPeer, how: 'STARTTLS' | 'STLS'): MailFailure {
  return new MailFailure({
    kind: 'permanent',
    reason: 'no-encryption',
    what: `The server at "${peer.host}" on port ${peer.port} does not offer ${how}, so nothing was sent to it`,
    advice:
      'Turn it on there, use the port that speaks TLS at once, or choose "none" if the connection is safe without.',
  });
}

/** The server does not let us in. `said` is its own answer. */
export function signInFailure(peer: MailPeer, user: string, said: string): MailFailure {
  return new MailFailure({
    kind: 'permanent',
    reason: 'authentication-refused',
    what: `The server at "${peer.host}" does not let "${user}" in: ${oneLine(said)}`,
    advice:
      "Check the user's name and password, or consent again where tokens are used; some providers want a password made for applications.",
  });
}

/** At most a line of what a stranger said, without what would disturb a screen or a log. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- those are what is taken out
  const line = text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function innermostCode(thrown: unknown): string | undefined {
  let found: string | undefined;
  let next = thrown;
  for (let depth = 0; depth < 5 && next instanceof Error; depth++) {
    found = codeOf(next) ?? found;
    if (next instanceof AggregateError && next.errors.length > 0) next = next.errors.at(-1);
    else next = next.cause;
  }
  return found;
}
