import {
  MailFailure,
  connectionFailure,
  oneLine,
  signInFailure,
  type MailPeer,
} from '../mail-failure.ts';

/** The server answered `-ERR`. */
export class Pop3Refusal extends Error {
  override readonly name = 'Pop3Refusal';
  /** RFC 2449 §8: what stands in brackets, as `IN-USE`; '' where nothing does. */
  readonly code: string;

  constructor(line: string) {
    super(oneLine(line.replace(/^-ERR ?/i, '')) || 'it does not say why');
    this.code = /^-ERR \[([A-Z/-]{1,40})\]/i.exec(line)?.[1]?.toUpperCase() ?? '';
  }
}

/** What a refusal or a broken connection means. While signing in, a refusal is of who we are unless it says otherwise. */
export function pop3Failure(thrown: unknown, peer: MailPeer, signingIn?: string): MailFailure {
  if (!(thrown instanceof Pop3Refusal)) return connectionFailure(thrown, peer);
  const { code, message } = thrown;
  const says = /\b(?:lock(?:ed)?|in use|busy)\b/i;
  if (code === 'IN-USE' || code === 'LOGIN-DELAY' || (code === '' && says.test(message))) {
    return new MailFailure({
      kind: 'temporary',
      reason: 'in-use',
      what: `The mailbox at "${peer.host}" cannot be opened now: ${message}`,
      advice:
        'POP3 lets in one program at a time and not too often; end other programs that read it.',
      cause: thrown,
    });
  }
  if (signingIn !== undefined && (code === '' || code === 'AUTH')) {
    return signInFailure(peer, signingIn, message);
  }
  return new MailFailure({
    kind: code === 'SYS/PERM' ? 'permanent' : 'temporary',
    reason: 'server',
    what: `The server at "${peer.host}" cannot do it: ${message}`,
    advice: 'It is tried again; if it lasts, ask who runs the mail server.',
    cause: thrown,
  });
}
