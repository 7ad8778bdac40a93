import { newId } from '#base/id.ts';
import { EMAIL_TEXT_LENGTH } from '#domain/email/email.ts';
import type { EmailAddress } from '#domain/email/email.ts';
import { ContactId } from '#domain/ids.ts';
import type { ReadMail } from './filing.ts';
import type { FilingPlan } from './rules/filing-plan.ts';
import { filedMessageId, fingerprintOf } from './rules/identity.ts';
import type { Head, StoredEmail, Thread } from './thread.ts';

/** As the schema of an e-mail bounds them. */
const MOST_RECIPIENTS = 500;
const MOST_REPLY_TO = 50;
const LONGEST_SUBJECT = 1_000;
const LONGEST_PROBLEM = 500;
/** The newest say what is answered. */
const MOST_REFERENCES = 200;
/** Bytes; RFC 5322 §2.1.1 has no longer lines, and an index no much longer entries. */
const LONGEST_REFERENCE = 998;
/** What the contact directory takes. */
const LONGEST_ADDRESS = 254;

/** A message as an e-mail, still without a conversation. */
export function emailOfMail(
  { mail, parsed }: ReadMail,
  { nature, reasons }: Pick<FilingPlan, 'nature' | 'reasons'>,
  correspondent: string,
): StoredEmail {
  const fingerprint = fingerprintOf(parsed, mail);
  return {
    email: {
      id: mail.id,
      direction: 'in',
      mailbox: mail.mailbox,
      messageId: filedMessageId(parsed, fingerprint),
      from: parsed.from,
      replyTo: parsed.replyTo.slice(0, MOST_REPLY_TO),
      to: parsed.to.slice(0, MOST_RECIPIENTS),
      cc: parsed.cc.slice(0, MOST_RECIPIENTS),
      bcc: [],
      subject: parsed.subject.slice(0, LONGEST_SUBJECT),
      ...(parsed.sentAt !== undefined && { sentAt: parsed.sentAt }),
      at: mail.receivedAt,
      nature,
      text: parsed.text.slice(0, EMAIL_TEXT_LENGTH),
      ...(parsed.unreadable !== undefined && {
        unreadable: parsed.unreadable.slice(0, LONGEST_PROBLEM),
      }),
    },
    conversation: undefined,
    number: undefined,
    html: parsed.html,
    references: [...new Set([...parsed.references, ...parsed.inReplyTo])]
      .filter((id) => Buffer.byteLength(id) <= LONGEST_REFERENCE)
      .slice(-MOST_REFERENCES),
    attachments: parsed.attachments.map((file) => ({ ...file, scan: file.scan ?? 'unscanned' })),
    raw: mail.raw,
    size: mail.size,
    correspondent,
    fingerprint,
    openedWork: false,
    reasons,
  };
}

/** A conversation still without an e-mail. */
export function newThread(
  head: Omit<Head, 'customer' | 'subject'> & { readonly customer: EmailAddress; subject: string },
): Thread {
  return {
    head: { ...head, subject: head.subject.slice(0, LONGEST_SUBJECT) },
    kept: {
      participants: [],
      threadRoots: [],
      lastOwner: undefined,
      further: [],
      customerWroteAt: undefined,
      reopened: [],
      candidate: undefined,
      erased: false,
    },
    lastNumber: 0,
    readNumber: 0,
    formerly: [],
    itemState: undefined,
    conferees: [],
    held: 0,
    written: Promise.resolve(),
  };
}

/** The id that the directory would give a customer it does not know; nothing where there is nobody to match. */
export const candidateFor = ({ address }: EmailAddress, at: number): ContactId | undefined =>
  address.includes('@') && address.length <= LONGEST_ADDRESS
    ? ContactId.parse(newId(at))
    : undefined;
