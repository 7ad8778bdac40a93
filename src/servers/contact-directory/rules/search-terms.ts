/**
 * How contacts are found. Of each contact two texts are kept: its name as folded words (`anna muller`),
 * and what of its addresses can be searched, one a line (`anna@example.com`, `+4930123456`). What somebody
 * types is looked for in both.
 */
import { fold } from '#base/fold.ts';
import type { ContactAddress } from '#domain/contact.ts';
import { numberOf } from './address-key.ts';

export interface SearchTerms {
  /** What is typed as words of a name; a name that begins so is found first. Empty: no name is asked for. */
  readonly name: string;
  /** Each must be the beginning of a word of the name. */
  readonly beginnings: readonly string[];
  /** Must be a part of an address; left out where too little was typed. */
  readonly part?: string;
}

/** With fewer characters or digits every address would be found. */
const SHORTEST_PART = 3;
/** Words that are looked at; nobody has more names. */
const MOST_WORDS = 8;

/** What to look for, or nothing where nothing was typed. */
export function searchTerms(text: string): SearchTerms | undefined {
  const typed = text.replaceAll('\0', ' ').trim();
  const beginnings = wordsOf(typed).slice(0, MOST_WORDS);
  const part = partOf(typed);
  if (beginnings.length === 0 && part === undefined) return undefined;
  return {
    name: beginnings.join(' '),
    beginnings,
    ...(part === undefined ? {} : { part }),
  };
}

/** A name as it is searched and put in order: folded words. A name without any is itself, folded. */
export const searchedName = (name: string): string =>
  wordsOf(name).join(' ') || fold(name).replaceAll(/\s+/g, ' ').trim();

/** What of a contact's addresses can be searched. */
export function searchedAddresses(addresses: readonly ContactAddress[]): string {
  return [...new Set(addresses.map(searchedAddress))].join('\n');
}

function searchedAddress({ kind, value }: ContactAddress): string {
  const number = kind === 'phone' || kind === 'sms' ? numberOf(value) : undefined;
  if (!number) return fold(value).replaceAll(/\s+/g, '');
  return number.isInternational ? `+${number.digits}` : number.digits;
}

/** Digits are looked for without the zeros before them: they are not there when a country is. */
function partOf(typed: string): string | undefined {
  const isNumber = /^[\d\s+()/.-]+$/.test(typed);
  const part = isNumber
    ? typed.replaceAll(/\D/g, '').replace(/^0+(?=\d{3})/, '')
    : fold(typed).replaceAll(/\s+/g, '');
  return part.length < SHORTEST_PART ? undefined : part;
}

const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
