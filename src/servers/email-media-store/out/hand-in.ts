import { newId } from '#base/id.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import type { EmailAddress } from '#domain/email/email.ts';
import { type AgentId, type ConversationId, EmailId, type MailboxId } from '#domain/ids.ts';
import { addressKey } from '../rules/our-addresses.ts';
import { type MailTokens, messageIdOf, replyAddressOf } from '../rules/token.ts';
import type { Blobs } from '../tables/blobs.ts';
import { composeMessage } from './compose-message.ts';
import type { FiledEmail } from './correspondence.ts';
import type { OutboxRow, OutgoingEmail, StoredAttachment } from './outgoing.ts';

/** An id that was made up for mail whose sender gave none means nothing outside. */
const MADE_UP = /@unidentified\.invalid$/;

/** An e-mail that somebody has written, or that is sent by itself. */
export interface Writ {
  /** Left out: a new one. */
  readonly id?: EmailId;
  readonly conversation: ConversationId;
  readonly mailbox: MailboxId;
  /** Left out: it is sent by itself. */
  readonly agent: AgentId | undefined;
  readonly to: readonly EmailAddress[];
  readonly cc: readonly EmailAddress[];
  readonly bcc: readonly EmailAddress[];
  readonly subject: string;
  readonly text: string;
  /** Clean. */
  readonly html: string | undefined;
  readonly attachments: readonly StoredAttachment[];
  /** What it answers or passes on. */
  readonly of: FiledEmail | undefined;
  readonly hold: Milliseconds;
}

export interface HandInParts {
  readonly clock: Clock;
  readonly blobs: Pick<Blobs, 'write' | 'read'>;
  readonly tokens: MailTokens;
  /** When what is handed in now is given up. */
  readonly giveUpAt: () => number;
}

/**
 * Makes an e-mail of what was written: its Message-ID, and its bytes as every try will send them, kept as a
 * blob. Nothing is filed or sent by that.
 */
export async function handIn(
  { clock, blobs, tokens, giveUpAt }: HandInParts,
  mailbox: Mailbox,
  writ: Writ,
): Promise<{ readonly email: OutgoingEmail; readonly row: OutboxRow }> {
  const at = clock.now();
  const { id = EmailId.parse(newId(at)) } = writ;
  const { conversation, agent, to, cc, bcc, of, attachments, text, html, subject, hold } = writ;
  const messageId = messageIdOf(tokens, id, conversation, mailbox.address);
  const from = { name: mailbox.senderName || mailbox.name, address: mailbox.address };
  const answers = mailbox.plusAddresses
    ? replyAddressOf(tokens, conversation, mailbox.address)
    : undefined;
  const replyTo = answers === undefined ? undefined : { name: from.name, address: answers };
  const thread = threadOf(of);
  const bytes = composeMessage({
    messageId,
    at,
    from,
    replyTo,
    to,
    cc,
    subject,
    text,
    html: html === undefined ? undefined : documentOf(html),
    ...thread,
    attachments: attachments.map((file) => ({ ...file, read: () => blobs.read(file.blob) })),
    ...(agent === undefined && { automatic: 'auto-replied' as const }),
  });
  const raw = await blobs.write(bytes);
  const email: OutgoingEmail = {
    id,
    conversation,
    mailbox: writ.mailbox,
    messageId,
    from,
    replyTo: replyTo ? [replyTo] : [],
    to: [...to],
    cc: [...cc],
    bcc: [...bcc],
    subject,
    sentAt: at,
    at,
    text,
    html,
    ...thread,
    attachments,
    raw: raw.id,
    size: raw.size,
    ...(agent !== undefined && { agent }),
  };
  const row: OutboxRow = {
    email: id,
    conversation,
    mailbox: writ.mailbox,
    raw: raw.id,
    size: raw.size,
    // RFC 3834 §3.3: nobody's machine shall answer to it
    sender: agent === undefined ? '' : mailbox.address,
    messageId,
    serverMessageId: undefined,
    automatic: agent === undefined,
    state: hold > 0 ? 'held' : 'waiting',
    at,
    giveUpAt: giveUpAt(),
    tries: 0,
    next: at + hold,
    problem: undefined,
    perhapsTwice: false,
    inDoubt: false,
    doubts: 0,
    holder: undefined,
    recipients: recipientsOf([...to, ...cc, ...bcc]),
  };
  return { email, row };
}

/** RFC 5322 §3.6.4. */
function threadOf(of: FiledEmail | undefined): Pick<OutgoingEmail, 'references' | 'inReplyTo'> {
  if (!of) return { references: [], inReplyTo: undefined };
  const known = MADE_UP.test(of.email.messageId) ? undefined : of.email.messageId;
  const before = of.references.filter((id) => id !== known);
  return { references: known === undefined ? before : [...before, known], inReplyTo: known };
}

function recipientsOf(people: readonly EmailAddress[]): OutboxRow['recipients'] {
  const byKey = new Map(people.map(({ address }) => [addressKey(address), address]));
  return [...byKey.values()].map((address) => ({ address, state: 'waiting', said: '' }));
}

const documentOf = (body: string): string =>
  `<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n${body}\n</body></html>\n`;
