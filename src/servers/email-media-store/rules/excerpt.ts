import type { SearchQuery } from './search-query.ts';
import { wordsIn } from './words.ts';

/** So much is shown before the first word that was looked for, and in all. */
const BEFORE = 60;
const LENGTH = 240;
const MOST_MARKED = 10;

/** A stretch of the text around the first of the words, with them between `«` and `»`; its beginning where none is there. */
export function excerptOf(text: string, { shown }: Pick<SearchQuery, 'shown'>): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  const hits = [];
  for (const place of wordsIn(plain)) {
    const isHit = shown.some(({ word, isBeginning }) =>
      isBeginning ? place.word.startsWith(word) : place.word === word,
    );
    if (isHit) hits.push(place);
    const [first] = hits;
    if (first && (hits.length === MOST_MARKED || place.from > first.from + LENGTH)) break;
  }
  const start = wordBefore(plain, (hits[0]?.from ?? 0) - BEFORE);
  const end = Math.min(plain.length, start + LENGTH);
  let marked = start > 0 ? '…' : '';
  let at = start;
  for (const { from, to } of hits) {
    if (to > end) break;
    marked += `${plain.slice(at, from)}«${plain.slice(from, to)}»`;
    at = to;
  }
  return `${marked}${plain.slice(at, end).toWellFormed()}${end < plain.length ? '…' : ''}`;
}

/** Where the first word behind this place begins. */
function wordBefore(text: string, place: number): number {
  if (place <= 0) return 0;
  const space = text.indexOf(' ', place);
  return space < 0 || space > place + BEFORE / 2 ? place : space + 1;
}
