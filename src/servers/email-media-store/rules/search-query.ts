import { addressWord, quoted, wordsIn } from './words.ts';

/** What somebody looks for. */
export interface SearchQuery {
  /** As the text of a `tsquery`; left out where the text names no word to look for. */
  readonly words: string | undefined;
  /** It may be a message id, too. */
  readonly messageId: string | undefined;
  /** Words to show in what is found: whole ones, or beginnings. */
  readonly shown: readonly { readonly word: string; readonly isBeginning: boolean }[];
}

/** A shorter word is looked for as it is: too many begin with it. */
const SHORTEST_BEGINNING = 3;
const MOST_TERMS = 20;

/**
 * What people type into a search: words, "phrases", -without. A word finds whatever begins with it, so
 * that `refund` finds `refunds` and `Rechnung` `Rechnungen` without knowing the language.
 */
export function parseSearch(text: string): SearchQuery {
  const asked: string[] = [];
  const without: string[] = [];
  const shown: { word: string; isBeginning: boolean }[] = [];
  const terms = [...text.matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)].slice(0, MOST_TERMS);
  for (const [, minus = '', phrase, plain = ''] of terms) {
    const found = [...wordsIn(phrase ?? plain)].map(({ word }) => word);
    const isBeginning = phrase === undefined && (found.at(-1)?.length ?? 0) >= SHORTEST_BEGINNING;
    const query = termOf(found, isBeginning, plain);
    if (query === undefined) continue;
    (minus ? without : asked).push(query);
    if (minus) continue;
    for (const [at, word] of found.entries()) {
      shown.push({ word, isBeginning: isBeginning && at === found.length - 1 });
    }
  }
  const words = [...asked, ...without.map((query) => `!${query}`)].join(' & ');
  return {
    words: asked.length > 0 ? words : undefined,
    messageId: messageIdIn(text),
    shown,
  };
}

/** Words in a row; an address is one word of its own where it stands in a head. */
function termOf(words: readonly string[], isBeginning: boolean, plain: string): string | undefined {
  if (words.length === 0) return undefined;
  const row = words.map((word, at) =>
    isBeginning && at === words.length - 1 ? `${quoted(word)}:*` : quoted(word),
  );
  const phrase = row.length === 1 ? (row[0] ?? '') : `(${row.join(' <-> ')})`;
  return isAddress(plain) ? `(${quoted(addressWord(plain))} | ${phrase})` : phrase;
}

const isAddress = (text: string): boolean => /^[^\s@<>"]+@[^\s@<>"]+$/.test(text);

const messageIdIn = (text: string): string | undefined =>
  /^\s*<?([^\s<>]{1,997}@[^\s<>]+)>?\s*$/.exec(text)?.[1];
