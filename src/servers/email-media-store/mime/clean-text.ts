/** Everything but what a line of a header or a name may hold: control characters, and marks that turn the direction of text around. */
// oxlint-disable-next-line no-control-regex -- those are what is taken out
const NOT_IN_LINE = /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** A text that can be stored: no NUL, no half surrogate pair, at most `length` UTF-16 units. */
export function cleanText(text: string, length: number): string {
  const cut = text.length > length ? text.slice(0, length) : text;
  return cut.replaceAll('\0', '').toWellFormed();
}

/** The same as one line: control characters are blanks, and nothing turns the direction of text around. */
export const cleanLine = (text: string, length: number): string =>
  cleanText(text.replace(NOT_IN_LINE, ' ').trim(), length).trim();
