import { AuthenticationFailure } from 'imapflow';
import { codeOf, messageOf } from '#base/failure.ts';
import {
  MailFailure,
  connectionFailure,
  encryptionFailure,
  oneLine,
  protocolFailure,
  signInFailure,
  timeoutFailure,
} from '../mail-failure.ts';
import type { MailPeer } from '../mail-failure.ts';

/** The server is not able to now (RFC 5530); it says nothing about who we are. */
const NOT_NOW = new Set(['UNAVAILABLE', 'SERVERBUG', 'LIMIT', 'INUSE', 'THROTTLED']);
const LATE = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT', 'ETIMEOUT']);
const UNSOUND =
  /^(?:ParserError|LineTooLarge|LiteralTooLarge|ResponseTooLarge|TooManyTokens|TooManyResponses|UnexpectedTag|MissingTag|InvalidResponse|MAX_IMAP_NESTING)/;

/** What the library adds to its errors. */
interface ServerAnswer {
  readonly responseStatus?: unknown;
  readonly serverResponseCode?: unknown;
  readonly responseText?: unknown;
  readonly response?: unknown;
  readonly authenticationFailed?: unknown;
  readonly mailboxMissing?: unknown;
}

const answerOf = (thrown: unknown): ServerAnswer =>
  typeof thrown === 'object' && thrown !== null ? thrown : {};

/** What an error of the library or of the connection means. */
export function imapFailure(thrown: unknown, peer: MailPeer, user: string): MailFailure {
  if (thrown instanceof MailFailure) return thrown;
  const code = codeOf(thrown) ?? '';
  if (LATE.has(code)) return timeoutFailure(peer, 'did not answer in time', thrown);
  if (code === 'STARTTLS_INJECTION') {
    return protocolFailure(peer, 'it says something between STARTTLS and TLS', thrown);
  }
  if (UNSOUND.test(code)) return protocolFailure(peer, messageOf(thrown), thrown);
  if (
    thrown instanceof Error &&
    /STARTTLS (?:not|is not)|not support STARTTLS/i.test(thrown.message)
  ) {
    return encryptionFailure(peer, 'STARTTLS');
  }
  const answer = answerOf(thrown);
  const refusesUs = answer.authenticationFailed === true || thrown instanceof AuthenticationFailure;
  if (refusesUs && !NOT_NOW.has(responseCode(answer))) {
    return signInFailure(peer, user, saidBy(answer, thrown));
  }
  if (refusesUs || answer.responseStatus !== undefined) return refusal(answer, thrown, peer);
  return connectionFailure(thrown, peer);
}

/** The server answered a command with no. */
function refusal(answer: ServerAnswer, thrown: unknown, peer: MailPeer): MailFailure {
  const said = saidBy(answer, thrown);
  const code = responseCode(answer);
  if (code === 'OVERQUOTA') {
    return new MailFailure({
      kind: 'temporary',
      reason: 'over-quota',
      what: `There is no room left in the mailbox at "${peer.host}": ${said}`,
      advice: 'Make room there, or have its limit raised.',
      cause: thrown,
    });
  }
  if (code === 'INUSE') {
    return new MailFailure({
      kind: 'temporary',
      reason: 'in-use',
      what: `Another program holds the mailbox at "${peer.host}": ${said}`,
      advice: 'End the other program; it is tried again.',
      cause: thrown,
    });
  }
  return new MailFailure({
    kind: 'temporary',
    reason: 'server',
    what: `The server at "${peer.host}" cannot do it now: ${said}`,
    advice: 'It is tried again; if it lasts, ask who runs the mail server.',
    cause: thrown,
  });
}

/** The folder of the settings is none. */
export function folderMissing(peer: MailPeer, folder: string, cause?: unknown): MailFailure {
  return new MailFailure({
    kind: 'permanent',
    reason: 'folder-missing',
    what: `There is no folder "${oneLine(folder)}" in the mailbox at "${peer.host}"`,
    advice: "Make it there, or choose another in the mailbox's settings.",
    cause,
  });
}

/** True where the server says that the folder is none, or asks for it to be made. */
export function saysFolderIsMissing(thrown: unknown): boolean {
  const answer = answerOf(thrown);
  const code = responseCode(answer);
  return answer.mailboxMissing === true || code === 'TRYCREATE' || code === 'NONEXISTENT';
}

/** True where the server answered no and goes on. */
export function isRefusal(thrown: unknown): boolean {
  const { responseStatus } = answerOf(thrown);
  return responseStatus === 'NO' || responseStatus === 'BAD';
}

const responseCode = ({ serverResponseCode }: ServerAnswer): string =>
  typeof serverResponseCode === 'string' ? serverResponseCode.toUpperCase() : '';

function saidBy({ responseText, response }: ServerAnswer, thrown: unknown): string {
  const said = [responseText, response].find((each) => typeof each === 'string' && each !== '');
  return oneLine(typeof said === 'string' ? said : messageOf(thrown));
}
