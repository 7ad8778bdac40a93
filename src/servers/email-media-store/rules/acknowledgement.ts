import type { MailTemplate } from '#domain/configuration/mail.ts';
import { fillFields, onOneLine, versionFor, type FieldValues } from './template.ts';

/** What an automatic answer is made of. */
export interface AcknowledgementFacts {
  readonly template: Pick<MailTemplate, 'versions'>;
  /** Of the customer's mail; left out where it cannot be told. */
  readonly language: string | undefined;
  /** The organisation's. */
  readonly usualLanguage: string;
  /** Of the mail that is answered, as an answer has it: with `Re:`. */
  readonly answerSubject: string;
  readonly values: FieldValues;
  /** How a value is written in HTML. */
  readonly escape: (value: string) => string;
}

/** An automatic answer, not yet cleaned. */
export interface Acknowledgement {
  readonly subject: string;
  readonly html: string;
  readonly language: string;
}

/**
 * Writes an automatic answer in the customer's language, else the organisation's, else the first there is.
 * Nobody looks at it before it leaves, so what has no value is left out: a customer never reads `{{agent.name}}`.
 */
export function writeAcknowledgement(facts: AcknowledgementFacts): Acknowledgement | undefined {
  const { template, language, usualLanguage, answerSubject, values, escape } = facts;
  const version = versionFor(template, [language, usualLanguage]);
  if (!version) return undefined;
  const subject = onOneLine(fillFields(version.subject, values, onOneLine, 'goes').filled);
  return {
    subject: subject === '' ? answerSubject : subject,
    html: fillFields(version.html, values, escape, 'goes').filled,
    language: version.language,
  };
}
