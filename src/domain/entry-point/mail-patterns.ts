/** Letters of scripts that put no space between words: there a word ends anywhere. */
const UNSPACED =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}/u;
const WORD = /[\p{L}\p{N}]/u;

/** How a text is compared: without case, and without the ways in which the same letters can be written. */
export const folded = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();

/** Whether a text holds a word or phrase as a whole. Both as `folded()` gives them. */
export function holdsWords(text: string, words: string): boolean {
  if (words === '') return false;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const end = at + words.length;
    if (!runsOn(charBefore(text, at), charAt(words, 0))) {
      if (!runsOn(charBefore(words, words.length), charAt(text, end))) return true;
    }
  }
  return false;
}

/** Whether a word goes on from one character to the next. */
const runsOn = (left: string, right: string): boolean =>
  WORD.test(left) && WORD.test(right) && !UNSPACED.test(left) && !UNSPACED.test(right);

const charAt = (text: string, at: number): string => {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
};

const charBefore = (text: string, at: number): string => {
  const last = text.charCodeAt(at - 1);
  const isLow = last >= 0xdc00 && last <= 0xdfff;
  return text.slice(Math.max(0, at - (isLow ? 2 : 1)), at);
};

/** How closely a pattern names an address; 0 where it does not. */
export type Closeness = 0 | 1 | 2 | 3 | 4;

/**
 * A pattern is an address, `@example.com` for everybody there, or has `*` for anything before the `@`. An
 * address also names what has something behind a plus, less closely than a pattern that says so.
 */
export function closenessOf(pattern: string, address: string): Closeness {
  const wanted = pattern.trim().toLowerCase();
  const given = address.trim().toLowerCase();
  if (wanted === given) return 4;
  const [local, domain] = splitAddress(given);
  const [wantedLocal, wantedDomain] = splitAddress(wanted);
  if (domain === '' || domain !== wantedDomain) return 0;
  if (wantedLocal === '') return 1;
  if (wantedLocal.includes('*')) return fits(wantedLocal, local) ? 3 : 0;
  return local.startsWith(`${wantedLocal}+`) ? 2 : 0;
}

/** Each piece between stars is looked for behind the one before: no pattern takes longer than the text is long. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

function splitAddress(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}
