import { eld } from 'eld/extrasmall';

/** As much of a text as tells its language; more would only cost time. */
const READ_TEXT = 2_000;

/** Fewer letters than this are a name or a number. */
const FEWEST_LETTERS = 12;

/** BCP 47 as people's programs write it, at most with script and region. */
const TAG = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i;

/**
 * The language that a mail is written in, as BCP 47: what its own words say where that is sure, else what its
 * Content-Language header says. The words come first, since mail programs write the language of their menus
 * into the header. What is quoted is another mail's, and does not count.
 *
 * @param header Of Content-Language; '' where there is none.
 * @returns Nothing where neither says anything.
 */
export function languageOf(text: string, header: string): string | undefined {
  const own = ownWords(text);
  if ((own.match(/\p{L}/gu)?.length ?? 0) >= FEWEST_LETTERS || isUnspaced(own)) {
    const found = eld.detect(own);
    if (found.language !== '' && found.isReliable()) return found.language;
  }
  const [first = ''] = header.split(',');
  return TAG.test(first.trim()) ? first.trim() : undefined;
}

/** A text without what is quoted, and without addresses, which are in no language. */
const ownWords = (text: string): string =>
  text
    .slice(0, READ_TEXT * 4)
    .split('\n')
    .filter((line) => !/^\s*>/.test(line))
    .join('\n')
    .replaceAll(/\S*(?:@|:\/\/|www\.)\S*/g, ' ')
    .slice(0, READ_TEXT)
    .trim();

/** Four characters of these scripts say as much as a line of others. */
const isUnspaced = (text: string): boolean =>
  (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ??
    0) >= 4;
