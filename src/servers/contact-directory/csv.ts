import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Contact } from '#domain/contact.ts';
import { COLUMNS, encodeRow } from './rules/csv-row.ts';
import type { CsvRow, RowProblem } from './rules/read-rows.ts';

/** The header row. */
export const CSV_HEADER = stringify([[...COLUMNS]]);

export const csvLineOf = (contact: Contact): string => stringify([encodeRow(contact)]);

/** Splits CSV into rows, each with the line it begins in. What cannot be split is named by its line and left out. */
export function splitCsv(csv: string): { rows: CsvRow[]; problems: RowProblem[] } {
  const rows: CsvRow[] = [];
  const problems: RowProblem[] = [];
  let counted = 0; // lines that csv-parse counts too many: "\r\n" within a cell is two for it
  parse(csv, {
    bom: true,
    delimiter: delimiterOf(csv),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_record: (cells: string[], { lines }) => {
      const begins = lines - counted - breaksIn(cells, /\r|\n/g);
      rows.push({ line: begins, cells });
      counted += breaksIn(cells, /\r\n/g);
      return null; // kept above, with its line
    },
    on_skip: (error) => {
      problems.push({
        line: Number(error?.['lines'] ?? 0) - counted,
        problem: 'a quotation mark before this line is never closed',
      });
      return undefined;
    },
  });
  return { rows, problems };
}

const breaksIn = (cells: readonly string[], pattern: RegExp): number =>
  cells.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);

/** What spreadsheets write depends on the country: the one that the first line has most of. */
function delimiterOf(csv: string): string {
  const [header = ''] = csv.split('\n', 1);
  const count = (character: string): number => header.split(character).length;
  return [',', ';', '\t'].toSorted((one, other) => count(other) - count(one))[0] ?? ',';
}
