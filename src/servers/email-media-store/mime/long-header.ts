/** Of a header no more is looked at: together with what each field counts for, less than a reader takes. */
export const LONG_HEADER_BYTES = 983_040;
const MOST_FIELDS = 1_000;
const LONGEST_FIELD = 65_536;

/**
 * A header that is too long to be read, made short enough: its fields are unfolded and cut, so that a list of
 * recipients hides nothing of what stands beside it. What describes the body is left out, for there is none.
 *
 * @param beginning The first bytes of a message.
 */
export function shortHeader(beginning: Buffer): Buffer {
  const fields: string[] = [];
  let field = '';
  for (const line of beginning.toString('latin1', 0, LONG_HEADER_BYTES).split('\n')) {
    const text = line.replace(/\r$/, '');
    if (text === '') break;
    if (!/^[ \t]/.test(text)) {
      if (fields.push(field) > MOST_FIELDS) break;
      field = text;
    } else if (field.length < LONGEST_FIELD) field += text;
  }
  const all = [...fields, field].slice(1, MOST_FIELDS).filter((each) => !/^content-/i.test(each));
  const cut = all.map((each) => `${each.slice(0, LONGEST_FIELD)}\r\n`);
  return Buffer.from(`${cut.join('')}\r\n`, 'latin1');
}
