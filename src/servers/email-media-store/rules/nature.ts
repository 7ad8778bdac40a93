import type { EmailNature } from '#domain/email/email.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { OurAddresses } from './our-addresses.ts';
import { answeredIds } from './questions.ts';
import { tokenOfMessageId, type MailTokens } from './token.ts';

/** What kind of message it is, and what says so. */
export interface NatureDecision {
  readonly nature: EmailNature;
  /** '' where nothing says anything. */
  readonly why: string;
}

/**
 * Tells a person's mail from that of machines, by what standards and programs say in headers; never by words of
 * a subject, which people write as well. What a machine writes of itself opens work; what it writes in answer
 * to something does not. Who says nothing of itself is taken for a person: `may-answer.ts` and `loops.ts` stop it.
 */
export function natureOf(mail: ParsedMail, ours: OurAddresses, tokens: MailTokens): NatureDecision {
  if (isOurOwn(mail, tokens)) return { nature: 'own', why: 'Its message id is one of ours' };
  if (ours(mail.from.address) !== undefined) {
    return { nature: 'own', why: `It comes in the name of our mailbox "${mail.from.address}"` };
  }
  const bounce = whyBounce(mail);
  if (bounce !== undefined) return { nature: 'bounce', why: bounce };
  const machine = whyMachine(mail);
  if (machine === undefined) return { nature: 'personal', why: '' };
  return { nature: machine.answers ? 'auto-reply' : 'list', why: machine.why };
}

const isOurOwn = (mail: ParsedMail, tokens: MailTokens): boolean => {
  const token = tokenOfMessageId(mail.messageId ?? '');
  return token !== undefined && tokens.verify(token) !== undefined;
};

/** RFC 3464 and RFC 6522; and servers that write returned mail as they like, with the empty sender of RFC 5321 §4.5.5. */
function whyBounce({ report, automation, from }: ParsedMail): string | undefined {
  if (report) return 'It is a delivery status notification (RFC 3464)';
  const isServer = /^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@/i.test(from.address);
  if (isServer && automation.hasNullSender) return `A mail server wrote it: "${from.address}"`;
  return undefined;
}

interface Machine {
  readonly why: string;
  /** It is the answer to something, not the beginning. */
  readonly answers: boolean;
}

function whyMachine(mail: ParsedMail): Machine | undefined {
  const { automation } = mail;
  const submitted = automation.autoSubmitted.split(';')[0]?.trim() ?? '';
  const precedence = automation.precedence.trim();
  const isReply = answeredIds(mail).length > 0;
  // RFC 3834 §5: `auto-replied`; Exchange and ticket systems say `auto-generated` of their answers, too
  if (submitted === 'auto-replied') return { why: 'Auto-Submitted: auto-replied', answers: true };
  if (submitted !== '' && submitted !== 'no') {
    return { why: `Auto-Submitted: ${submitted}`, answers: isReply };
  }
  if (automation.isList) return { why: 'It has headers of a mailing list', answers: false };
  if (precedence === 'auto_reply' || precedence === 'auto-reply') {
    return { why: `Precedence: ${precedence}`, answers: true };
  }
  if (['bulk', 'list', 'junk'].includes(precedence)) {
    return { why: `Precedence: ${precedence}`, answers: isReply && precedence !== 'list' };
  }
  const [mark] = automation.marks;
  if (mark !== undefined) {
    return { why: `It has the header "${mark}"`, answers: isReply || mark !== 'x-loop' };
  }
  // RFC 5230 §5.1, RFC 8098 §2.1: vacation answers and receipts have no sender to answer to
  if (automation.hasNullSender) return { why: 'Its envelope has no sender', answers: isReply };
  return undefined;
}
