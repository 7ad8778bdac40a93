import { unguard } from '#base/csv-guard.ts';
import { z } from 'zod';
import { AddressKind, type ContactAddress, ContactBody } from '#domain/contact.ts';
import { ContactId } from '#domain/ids.ts';
import { COLUMNS, type Column, FIELD_COLUMN, decodeAddresses } from './csv-row.ts';

/** A row of the file: where it begins, and what stands in it. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface RowProblem {
  readonly line: number;
  readonly problem: string;
}

/** What a row says of a contact; what is left out it says nothing of. */
export interface ContactRow {
  readonly line: number;
  readonly id?: ContactId;
  readonly kind?: ContactBody['kind'];
  readonly name?: string;
  /** An id, or the name of an organisation. Empty: of none. */
  readonly organisation?: string;
  /** By kind of address: what is listed are all of that kind. */
  readonly addresses: Partial<Record<AddressKind, readonly ContactAddress[]>>;
  readonly note?: string;
  /** An agent's id. Empty: nobody's. */
  readonly accountOwner?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface ReadRows {
  readonly rows: readonly ContactRow[];
  readonly problems: readonly RowProblem[];
}

/** Reads rows already split, the header first. Columns may stand in any order; unknown ones are named and left out. */
export function readRows(table: readonly CsvRow[]): ReadRows {
  const [header, ...data] = table;
  if (!header) return { rows: [], problems: [{ line: 1, problem: 'the file is empty' }] };
  const columns = header.cells.map(columnOf);
  const problems: RowProblem[] = header.cells
    .filter((cell, at) => columns[at] === undefined && cell.trim() !== '')
    .map((cell) => ({ line: header.line, problem: `the column "${cell}" is not known` }));
  if (!columns.some((column) => column !== undefined && column !== 'id')) {
    return { rows: [], problems: [{ line: header.line, problem: 'there is no column "name"' }] };
  }
  const rows: ContactRow[] = [];
  for (const { line, cells } of data) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const row = rowOf(line, columns, cells);
    if (typeof row === 'string') problems.push({ line, problem: row });
    else rows.push(row);
  }
  return { rows, problems };
}

type AnyColumn = Column | { readonly field: string };

function columnOf(cell: string): AnyColumn | undefined {
  const name = unguard(cell).trim();
  const field = FIELD_COLUMN.exec(name)?.groups?.['name'];
  if (field !== undefined) return { field };
  return COLUMNS.find((column) => column === name.toLowerCase());
}

const Kind = ContactBody.shape.kind;
const Fields = z.record(z.string(), z.string());

/** @returns What is wrong with the row, where something is. */
function rowOf(
  line: number,
  columns: readonly (AnyColumn | undefined)[],
  cells: readonly string[],
): ContactRow | string {
  const given = new Map<Column, string>();
  const fields: Record<string, string> = {};
  let hasFields = false;
  for (const [at, column] of columns.entries()) {
    const cell = unguard(cells[at] ?? '');
    if (column === undefined) continue;
    if (typeof column === 'string') {
      given.set(column, cell);
      continue;
    }
    hasFields = true;
    if (cell !== '') fields[column.field] = cell;
  }
  const id = given.get('id')?.trim() || undefined;
  const readId = ContactId.optional().safeParse(id);
  if (!readId.success) return `"${id}" is no id: leave it empty for a new contact`;
  const kind = Kind.optional().safeParse(given.get('kind')?.trim().toLowerCase() || undefined);
  if (!kind.success) return `"${given.get('kind')}" is no kind: it is person or organisation`;
  const listed = readFields(given.get('fields') ?? '');
  if (listed === undefined) return 'the column "fields" holds no JSON object of texts';

  const name = given.get('name')?.trim();
  const organisation = given.get('organisation')?.trim();
  const note = given.get('note');
  const accountOwner = given.get('account-owner')?.trim();
  return {
    line,
    ...(readId.data === undefined ? {} : { id: readId.data }),
    ...(kind.data === undefined ? {} : { kind: kind.data }),
    ...(name ? { name } : {}),
    ...(organisation === undefined ? {} : { organisation }),
    addresses: Object.fromEntries(
      AddressKind.options.flatMap((each) => {
        const cell = given.get(each);
        return cell === undefined ? [] : [[each, decodeAddresses(each, cell)]];
      }),
    ),
    ...(note === undefined ? {} : { note }),
    ...(accountOwner === undefined ? {} : { accountOwner }),
    ...(given.has('fields') || hasFields ? { fields: { ...listed, ...fields } } : {}),
  };
}

function readFields(cell: string): Record<string, string> | undefined {
  if (cell.trim() === '') return {};
  try {
    const read = Fields.safeParse(JSON.parse(cell));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
