/**
 * Which words an e-mail is found by, in any language: letters and digits without case and accents. Scripts
 * that put no spaces between words are taken apart into characters. PostgreSQL is given the result, so that
 * what is found depends on no configuration, dictionary or locale of its own.
 */
import { fold } from '#base/fold.ts';
import type { StoredEmail } from '../thread.ts';

/** A word of a text, and where it stands in it. */
export interface Word {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

/** Most words of most mails are ASCII, and are found faster as such: the first group. */
const WORD =
  /([A-Za-z0-9]+)(?![A-Za-z0-9\u{80}-\u{10ffff}])|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]]+|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gv;

/** What is longer is a key or a picture as text; its beginning finds it. */
const LONGEST_WORD = 40;

/** `tsvector` counts no further; words behind this place are found, but not as part of a phrase. */
const LAST_POSITION = 16_383;
/** Together well below the megabyte that a `tsvector` may have; it keeps no more than 255 places of one word. */
const MOST_BYTES = 400_000;
/** UTF-8 takes at most so many for a UTF-16 unit, and what stands beside each word takes some. */
const BYTES_OF_UNIT = 3;
const BYTES_OF_WORD = 8;
/** So far apart are fields that no phrase goes from one to the next. */
const GAP = 5;

/**
 * Takes a text apart.
 *
 * @yields Its words, in their order.
 */
export function* wordsIn(text: string): Generator<Word> {
  const known = new Map<string, string>(); // folding is dear, and words come again
  for (const { 0: written, 1: ascii, index: from } of text.matchAll(WORD)) {
    const word = ascii?.toLowerCase() ?? known.get(written) ?? folded(written);
    if (ascii === undefined) known.set(written, word);
    // folding can take a letter apart into several words, or leave nothing of a mark that stands alone
    if (word !== '') yield { word: word.slice(0, LONGEST_WORD), from, to: from + written.length };
  }
}

const folded = (text: string): string => fold(text).replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '');

/** The same address is one word, whoever writes it how. */
export const addressWord = (address: string): string => fold(address.trim()).slice(0, 320);

/** The words of an e-mail as the text of a `tsvector`. */
export function wordsOf({
  email,
  attachments,
}: Pick<StoredEmail, 'email' | 'attachments'>): string {
  const people = [email.from, ...email.replyTo, ...email.to, ...email.cc, ...email.bcc];
  /** Each word as it is written down, with the places it stands at. */
  const written = new Map<string, string>();
  let position = 0;
  let bytes = 0;
  const add = (word: string): void => {
    if (word === '') return; // PostgreSQL refuses the whole of it
    position = Math.min(position + 1, LAST_POSITION);
    const before = written.get(word);
    if (before !== undefined) {
      if (position < LAST_POSITION) written.set(word, `${before},${position}`);
    } else if (bytes <= MOST_BYTES) {
      bytes += word.length * BYTES_OF_UNIT + BYTES_OF_WORD;
      written.set(word, `${quoted(word)}:${position}`);
    }
  };
  const addText = (text: string): void => {
    for (const { word } of wordsIn(text)) add(word);
    position = Math.min(position + GAP, LAST_POSITION);
  };
  addText(email.subject);
  for (const { name, address } of people) {
    add(addressWord(address));
    addText(`${name} ${address}`);
  }
  for (const { name } of attachments) addText(name);
  addText(email.text);
  return [...written.values()].join(' ');
}

/** As PostgreSQL reads a word, whatever characters it has. */
export const quoted = (word: string): string =>
  /['\\]/.test(word) ? `'${word.replaceAll(/['\\]/g, '$&$&')}'` : `'${word}'`;
