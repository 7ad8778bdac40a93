import type { MailTemplate } from '#domain/configuration/mail.ts';

/** What fields stand for, by their names in lower case; '' and nothing are the same: no value. */
export type FieldValues = ReadonlyMap<string, string | undefined>;

/** What was filled in, and the fields that have no value. */
export interface Filled {
  readonly filled: string;
  /** As they are written, each once. */
  readonly missing: string[];
}

/** What becomes of a field without a value: an agent is to see it, a customer is not. */
export type WithoutValue = 'stays' | 'goes';

const FIELD = /\{\{\s*([\w.-]{1,60})\s*\}\}/g;

/**
 * Fills the fields of a text, written as `{{customer.name}}`, in one pass: what a value says is never taken for a
 * field again.
 *
 * @param written How a value is written there: escaped in HTML, on one line in a subject.
 */
export function fillFields(
  template: string,
  values: FieldValues,
  written: (value: string) => string,
  withoutValue: WithoutValue = 'stays',
): Filled {
  const missing = new Set<string>();
  const filled = template.replaceAll(FIELD, (whole, field: string) => {
    const value = values.get(field.toLowerCase()) ?? '';
    if (value !== '') return written(value);
    missing.add(field);
    return withoutValue === 'stays' ? whole : '';
  });
  return { filled, missing: [...missing] };
}

/** A value in a subject: nothing in it can begin another line. */
export const onOneLine = (value: string): string => value.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();

/**
 * The version of a template for the first of these languages that it has: as asked for (`de-AT`), else its base
 * (`de`), else of another region (`de-CH`); where it has none of them, its first.
 *
 * @param languages BCP 47, in order of preference; nothing where one is not known.
 */
export function versionFor(
  { versions }: Pick<MailTemplate, 'versions'>,
  languages: readonly (string | undefined)[],
): MailTemplate['versions'][number] | undefined {
  for (const asked of languages) {
    if (asked === undefined) continue;
    const wanted = asked.toLowerCase();
    const base = baseOf(wanted);
    const found =
      versions.find(({ language }) => language.toLowerCase() === wanted) ??
      versions.find(({ language }) => language.toLowerCase() === base) ??
      versions.find(({ language }) => baseOf(language.toLowerCase()) === base);
    if (found) return found;
  }
  return versions[0];
}

const baseOf = (language: string): string => language.split('-')[0] ?? language;
