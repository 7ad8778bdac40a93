/** What could come next while somebody types a requirement. */
import type { Choice } from './field.ts';

/** What a requirement can name. */
export interface Nameable {
  readonly skills: readonly Choice[];
  /** Attributes with the values that agents have. */
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Suggestion {
  /** The whole text, with the suggestion taken. */
  readonly text: string;
  /** What is added. */
  readonly word: string;
  /** What it is. */
  readonly about: string;
}

/** More are not read. */
const MOST = 8;

/** An attribute, and the beginning of one of its values. */
const VALUE =
  /(?:^|[\s(,])(?<attribute>[\w.-]+)\s*:(?:\s*(?:[\p{L}\p{N}._-]+|"[^"]*")\s*\|)*\s*(?<part>[\p{L}\p{N}._-]*)$/u;
const WORD = /(?<part>[\p{L}\p{N}._-]*)$/u;
/** After these a skill or an attribute must follow. */
const OPENS = /(?:^|[(,]|\s(?:and|or))$/i;

/** What may follow a text; nothing where it is in the middle of what nobody can guess. */
export function suggest(text: string, { skills, attributes }: Nameable): Suggestion[] {
  const value = VALUE.exec(text)?.groups;
  const values = value && attributes.get(value['attribute'] ?? '');
  const part = (value ?? WORD.exec(text)?.groups)?.['part'] ?? '';
  const before = text.slice(0, text.length - part.length);
  const begins = (name: string): boolean => name.toLowerCase().includes(part.toLowerCase());
  const suggestion = (word: string, about: string): Suggestion => ({
    text: `${before}${before === '' || /[\s(]$/.test(before) ? '' : ' '}${word}`,
    word,
    about,
  });

  if (values) {
    return [...values]
      .filter((each) => begins(each) && each !== part)
      .map((each) => suggestion(quoted(each), `Value of ${value['attribute']}`))
      .slice(0, MOST);
  }
  if (OPENS.test(before.trimEnd()) && !/\S(?:and|or)$/i.test(before)) {
    return [
      ...skills
        .filter(({ value: id, label }) => (begins(id) || begins(label)) && id !== part)
        .map(({ value: id, label }) => suggestion(id, `Skill “${label}”`)),
      ...[...attributes.keys()].filter(begins).map((name) => suggestion(`${name}: `, 'Attribute')),
    ].slice(0, MOST);
  }
  if (part !== '' || !/\s$/.test(text)) return [];
  return [suggestion('and ', 'Both are asked for'), suggestion('or ', 'Either will do')];
}

const quoted = (value: string): string =>
  /^[\p{L}\p{N}._-]+$/u.test(value) ? value : JSON.stringify(value);
