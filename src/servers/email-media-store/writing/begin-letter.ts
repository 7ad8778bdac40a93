import type { DraftKind, Email, EmailAddress } from '#domain/email/email.ts';
import { cleanHtml } from '../mime/clean-html.ts';
import { htmlOfText } from '../mime/html-writer.ts';
import { attached } from '../out/attachment.ts';
import type { FiledEmail } from '../out/correspondence.ts';
import type { StoredAttachment } from '../out/outgoing.ts';
import { phrasesOf, writtenDate } from './phrases.ts';

/** What an editor takes; see `DraftBody`. Half of it is left to the writer. */
const QUOTED_LENGTH = 250_000;

const ANSWERED =
  /^\s*(?:re|aw|antw|sv|vs|odp|ref|rif|res|回复|回覆|返信|답장)\s*(?:\[\d+\])?\s*[:：]/iu;
const FORWARDED = /^\s*(?:fwd?|wg|tr|rv|enc|i|pd|vb|doorst|转发|轉寄|転送|전달)\s*[:：]/iu;

/** A subject with what says that it is an answer, or passed on, before it: once. */
export function subjectOf(kind: DraftKind, subject: string): string {
  if (kind === 'new') return '';
  const [known, prefix] = kind === 'forward' ? [FORWARDED, 'Fwd: '] : [ANSWERED, 'Re: '];
  return (known.test(subject) ? subject : prefix + subject).slice(0, 1_000);
}

export interface LetterFacts {
  readonly kind: DraftKind;
  /** What is answered or passed on; nothing for a new one. */
  readonly of: FiledEmail | undefined;
  /** HTML, filled in; '' for none. */
  readonly signature: string;
  readonly language: string;
  readonly timeZone: string;
}

/** What a letter begins as, and which files of what is quoted go along. */
export interface Letter {
  readonly html: string;
  readonly attachments: readonly StoredAttachment[];
}

/**
 * A letter as its writer finds it: room to write, the signature, and what is quoted with the line that says
 * whose words it is. Images that the quoted text shows go along; when it is passed on, all files do.
 */
export function beginLetter({ kind, of, signature, language, timeZone }: LetterFacts): Letter {
  const signed = signature === '' ? '<p></p>' : `<p></p>${cleaned(signature)}`;
  if (!of) return { html: signed, attachments: [] };
  const { html: quoted, contentIds } = quote(of);
  const shown = of.attachments.filter(
    ({ inline, contentId, scan }) =>
      inline && contentId !== undefined && contentIds.includes(contentId) && scan !== 'infected',
  );
  if (kind !== 'forward') {
    const { from, at, sentAt = at } = of.email;
    const line = phrasesOf(language)
      .wrote.replace('{date}', writtenDate(sentAt, language, timeZone))
      .replace('{name}', () => nameOf(from));
    return {
      html: `${signed}<p>${htmlOfText(line)}</p><blockquote type="cite">${quoted}</blockquote>`,
      attachments: shown,
    };
  }
  const others = of.attachments.filter((file) => !shown.includes(file) && file.scan !== 'infected');
  return {
    html: `${signed}<p>${headOf(of.email, language, timeZone)}</p>${quoted}`,
    // what its text does not show could not be seen as an inline one
    attachments: [...shown, ...others.map(attached)],
  };
}

/** The words of an e-mail as HTML; the text of one whose HTML is too long to be quoted. */
function quote({
  email,
  html,
}: FiledEmail): Pick<ReturnType<typeof cleanHtml>, 'html' | 'contentIds'> {
  const clean = html === undefined ? undefined : cleanHtml(html, { remoteImages: false });
  if (clean && clean.html.length <= QUOTED_LENGTH) return clean;
  // an escaped character is five at most
  return { html: `<p>${htmlOfText(email.text.slice(0, QUOTED_LENGTH / 5))}</p>`, contentIds: [] };
}

function headOf(email: Email, language: string, timeZone: string): string {
  const phrases = phrasesOf(language);
  const all = (list: readonly EmailAddress[]): string => list.map(nameAndAddress).join(', ');
  const lines: [string, string][] = [
    [phrases.from, nameAndAddress(email.from)],
    [phrases.date, writtenDate(email.sentAt ?? email.at, language, timeZone)],
    [phrases.subject, email.subject],
    [phrases.to, all(email.to)],
    [phrases.cc, all(email.cc)],
  ];
  const said = lines
    .filter(([, words]) => words !== '')
    .map(([label, words]) => `<b>${htmlOfText(label)}:</b> ${htmlOfText(words)}`);
  return [`---------- ${htmlOfText(phrases.forwarded)} ----------`, ...said].join('<br>');
}

const cleaned = (html: string): string => cleanHtml(html, { remoteImages: true }).html;

const nameOf = ({ name, address }: EmailAddress): string => (name === '' ? address : name);

const nameAndAddress = ({ name, address }: EmailAddress): string =>
  name === '' ? address : `${name} <${address}>`;
