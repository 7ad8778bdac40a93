/**
 * Keeps a spreadsheet from taking a cell of CSV for a formula: whatever begins like one gets an apostrophe,
 * and so does what begins with an apostrophe, so that `unguard` can take it away again.
 *
 * @see OWASP, CSV Injection
 */
export const guard = (cell: string): string => (GUARDED.test(cell) ? `'${cell}` : cell);

/** Takes the apostrophe of `guard` away. One that a person wrote before a plain word stays. */
export const unguard = (cell: string): string =>
  cell.startsWith("'") && GUARDED.test(cell.slice(1)) ? cell.slice(1) : cell;

const GUARDED = /^['=+\-@\t\r＝＋－＠]/;
