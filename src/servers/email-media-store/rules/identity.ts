import { createHash } from 'node:crypto';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { StoredMail } from '../stored-mail.ts';
import { addressKey } from './our-addresses.ts';

/**
 * What tells one e-mail from another within a mailbox, whatever its way here added to it: the same fetched
 * again under other numbers, or delivered by two aliases, has the same. A message id alone is not enough:
 * there are programs that give every mail the same one, and each of those mails is somebody's. One without
 * an id is told apart by when it was received and its size, too; one that cannot be read, by its key alone:
 * better filed twice than lost.
 */
export function fingerprintOf(mail: ParsedMail, stored: StoredMail): string {
  const before = known.get(mail);
  if (before?.stored === stored) return before.fingerprint;
  const fingerprint = makeFingerprint(mail, stored);
  known.set(mail, { stored, fingerprint });
  return fingerprint;
}

/** What was worked out: filing asks several times for each e-mail, and it may be long. */
const known = new WeakMap<
  ParsedMail,
  { readonly stored: StoredMail; readonly fingerprint: string }
>();

function makeFingerprint(mail: ParsedMail, stored: StoredMail): string {
  const unnamed = mail.unreadable === undefined ? [stored.receivedAt, stored.size] : [stored.key];
  const parts = [
    givenId(mail) ?? unnamed,
    addressKey(mail.from.address),
    mail.sentAt ?? '',
    mail.subject,
    mail.text,
    mail.html ?? '',
    mail.unreadable === undefined ? '' : stored.size,
    ...mail.attachments.map(({ name, type, size }) => [name, type, size]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Its message id; where its sender gave none, one made of its fingerprint, the same every time. */
export const filedMessageId = (mail: ParsedMail, fingerprint: string): string =>
  givenId(mail) ?? `${fingerprint}@unidentified.invalid`;

/** An id of nothing but spaces is none. */
const givenId = ({ messageId = '' }: ParsedMail): string | undefined =>
  messageId.trim() === '' ? undefined : messageId;
