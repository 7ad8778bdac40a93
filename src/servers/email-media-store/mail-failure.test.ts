import { expect, test } from 'vitest';
import { MailFailure, connectionFailure, oneLine } from './mail-failure.ts';

const PEER = { protocol: 'IMAP', host: 'mail.example.com', port: 993 } as const;
const coded = (code: string): Error => Object.assign(new Error('words'), { code });

test.for<[string, string, string]>([
  ['ENOTFOUND', 'temporary', 'host-unknown'],
  ['EAI_AGAIN', 'temporary', 'host-unknown'],
  ['ECONNREFUSED', 'temporary', 'refused'],
  ['EHOSTUNREACH', 'temporary', 'unreachable'],
  ['ETIMEDOUT', 'temporary', 'timeout'],
  ['ECONNRESET', 'temporary', 'closed'],
  ['EPIPE', 'temporary', 'closed'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'permanent', 'authority-unknown'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'permanent', 'authority-unknown'],
  ['CERT_HAS_EXPIRED', 'permanent', 'certificate-wrong'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'permanent', 'certificate-wrong'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'permanent', 'tls'],
])('E03: connectionFailure() takes %s for %s: %s', ([code, kind, reason]) => {
  for (const error of [
    coded(code),
    new Error('fetch failed', { cause: coded(code) }),
    new AggregateError([coded('ENETUNREACH'), coded(code)]),
  ]) {
    const failure = connectionFailure(error, PEER);
    expect(failure).toMatchObject({ kind, reason, endsSource: true, cause: error });
    expect(failure.message).toBe(failure.what);
    expect(failure.what).toMatch(/^[A-Z].*"mail\.example\.com"(?:$|.*[^.]$)/);
    expect(failure.advice).toMatch(/^[A-Z].*\.$/);
  }
});

test('connectionFailure() leaves a failure in our words as it is, and takes anything else for a break', () => {
  const failure = connectionFailure(coded('ECONNREFUSED'), PEER);
  expect(connectionFailure(failure, PEER)).toBe(failure);
  expect(connectionFailure('what', PEER)).toMatchObject({ kind: 'temporary', reason: 'closed' });
});

test('endsSource tells a message that cannot be had from a connection that is lost', () => {
  const words = { kind: 'temporary', what: 'What', advice: 'Advice.' } as const;
  expect(new MailFailure({ ...words, reason: 'message-unreadable' }).endsSource).toBe(false);
  expect(new MailFailure({ ...words, reason: 'protocol' }).endsSource).toBe(true);
});

test('oneLine() shows no more of a stranger than a line', () => {
  expect(oneLine(' a\r\nb\u0000\u009Bc ')).toBe('a b c');
  expect(oneLine('x'.repeat(1_000))).toHaveLength(200);
});
