import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { guard, unguard } from '#base/csv-guard.ts';
import { Agent } from '#domain/configuration/documents.ts';
import { idOf } from '#domain/configuration/id-of.ts';
import { AgentId } from '#domain/ids.ts';

/** A row of the file that makes sense. */
export interface AgentRow {
  readonly line: number;
  readonly id: AgentId;
  readonly body: Readonly<Record<string, unknown>>;
  readonly password: string | undefined;
}

export interface LineProblem {
  readonly line: number;
  readonly problem: string;
}

/** An agent there is already. */
export interface KnownAgent {
  readonly id: AgentId;
  readonly agent: Agent;
}

/** More rows than this are another file. */
const MOST_ROWS = 10_000;
const COLUMNS = [
  'id',
  'login',
  'name',
  'email',
  'roles',
  'skills',
  'attributes',
  'channels',
  'budget',
] as const;
const COLUMNS_READ: readonly string[] = [...COLUMNS, 'password'];

/** Agents as CSV that `readAgentsCsv` reads again; nobody's password is ever in it. */
export function writeAgentsCsv(agents: Iterable<readonly [AgentId, Agent]>): string {
  const rows = [...agents].map(([id, agent]) => {
    const cells: Readonly<Record<(typeof COLUMNS)[number], string>> = {
      id,
      login: agent.login,
      name: agent.name,
      email: agent.email ?? '',
      roles: agent.roles.join(' '),
      skills: pairsIn(agent.skills),
      attributes: attributesIn(agent.attributes),
      channels: pairsIn(agent.capacity),
      budget: agent.budget === undefined ? '' : String(agent.budget),
    };
    return COLUMNS.map((column) => guard(cells[column]));
  });
  return stringify([COLUMNS, ...rows]);
}

/**
 * Reads agents from CSV with a header row. Columns: `login` and `name`; and where wanted `id`, `email`,
 * `roles` (as `agent supervisor`), `skills` (as `german:8 billing:5`), `attributes` (as `site:berlin |
 * floor:"2 | 3"`), `channels` (as `web-chat:3 task:1`), `budget` and `password`. A row whose id or login is known changes that agent: what its columns leave open stays.
 */
export function readAgentsCsv(
  csv: string,
  known: readonly KnownAgent[],
): { rows: AgentRow[]; problems: LineProblem[] } {
  const problems: LineProblem[] = [];
  const records = parseRecords(csv, problems);
  const rows: AgentRow[] = [];
  const logins = new Set<string>();
  for (const { record, info } of records) {
    const line = info.lines;
    const login = (record['login'] ?? '').trim();
    const read = readRow(record, known, (id) => rows.some((row) => row.id === id));
    if (read.type === 'problem') problems.push({ line, problem: read.problem });
    else if (logins.has(login.toLowerCase())) {
      problems.push({ line, problem: `login "${login}" is in this file twice` });
    } else rows.push({ line, ...read.row });
    logins.add(login.toLowerCase());
  }
  return { rows, problems };
}

interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function parseRecords(csv: string, problems: LineProblem[]): Parsed[] {
  try {
    const records = parse(csv, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      delimiter: [',', ';', '\t'],
      to: MOST_ROWS,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      cast: (cell, { header, column }) => (header || column === 'password' ? cell : unguard(cell)),
    }) as unknown as Parsed[];
    const unknown = Object.keys(records[0]?.record ?? {}).filter(
      (name) => !COLUMNS_READ.includes(name),
    );
    if (unknown.length === 0) return records;
    const names = unknown.map((name) => `"${name}"`).join(', ');
    problems.push({
      line: 1,
      problem: `no such column: ${names}; there are ${COLUMNS_READ.join(', ')}`,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    problems.push({ line, problem: `${BREAKS[error.code] ?? BROKEN}: nothing was read` });
  }
  return [];
}

const AFTER_QUOTE =
  'something follows a closing quotation mark; one within a cell is written twice';

/** How CSV breaks, in words; the library's repeat what stands there and name what is its own. */
const BREAKS: Readonly<Partial<Record<CsvError['code'], string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark in or before this line is never closed',
  CSV_INVALID_CLOSING_QUOTE: AFTER_QUOTE,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: AFTER_QUOTE,
  INVALID_OPENING_QUOTE: 'a quotation mark stands within a cell that does not begin with one',
};
const BROKEN = 'this is not CSV';

type ReadRow =
  | { readonly type: 'row'; readonly row: Omit<AgentRow, 'line'> }
  | { readonly type: 'problem'; readonly problem: string };

function readRow(
  record: Readonly<Record<string, string>>,
  known: readonly KnownAgent[],
  isTaken: (id: string) => boolean,
): ReadRow {
  const login = record['login'] ?? '';
  const given = record['id'] || undefined;
  const same = known.find(({ id, agent }) =>
    given === undefined ? agent.login.toLowerCase() === login.toLowerCase() : id === given,
  );
  const id = AgentId.safeParse(
    given ??
      same?.id ??
      idOf(login, (free) => isTaken(free) || known.some((each) => each.id === free)),
  );
  if (!id.success) return { type: 'problem', problem: `no id can be made of login "${login}"` };
  const body: Record<string, unknown> = { ...same?.agent };
  for (const column of ['login', 'name', 'email'] as const) {
    if (record[column]) body[column] = record[column];
  }
  if (record['roles']) body['roles'] = words(record['roles']);
  else body['roles'] ??= ['agent'];
  for (const [column, field] of [
    ['skills', 'skills'],
    ['channels', 'capacity'],
  ] as const) {
    const text = record[column];
    if (!text) continue;
    const pairs = numbered(text);
    if (!pairs)
      return { type: 'problem', problem: `${column}: write "name:number", not "${text}"` };
    body[field] = pairs;
  }
  if (record['attributes']) {
    const attributes = attributesOf(record['attributes']);
    if (!attributes) {
      const problem = `attributes: write "name:value | name:value", not "${record['attributes']}"`;
      return { type: 'problem', problem };
    }
    body['attributes'] = attributes;
  }
  if (record['budget']) body['budget'] = Number(record['budget']);
  const checked = Agent.safeParse(body);
  if (checked.success) {
    return { type: 'row', row: { id: id.data, body, password: record['password'] || undefined } };
  }
  const [issue] = checked.error.issues;
  return { type: 'problem', problem: `${issue?.path.join('.')}: ${issue?.message}` };
}

const words = (text: string): string[] => text.split(/[\s,;|]+/).filter((word) => word !== '');

/** `german:8 billing:5` as an object; nothing where it is not written so. */
function numbered(text: string): Record<string, number> | undefined {
  const pairs = words(text).map((word) => /^(?<name>[^:]+):(?<number>\d{1,3})$/.exec(word)?.groups);
  if (pairs.some((pair) => pair === undefined)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.['name'] ?? '', Number(pair?.['number'])]));
}

const pairsIn = (numbers: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(numbers)
    .map(([name, number]) => `${name}:${number}`)
    .join(' ');

/** `name:value`, and in quotation marks, as JSON has them, where the value has a bar or mark itself. */
const ATTRIBUTE =
  /^\s*(?<name>[^:|"\s]+)\s*:\s*(?:(?<quoted>"(?:[^"\\]|\\.)*")|(?<bare>[^|"]+?))\s*(?:\||$)/u;

/** `site:berlin | floor:"2 | 3"` as an object; nothing where it is not written so. */
function attributesOf(text: string): Record<string, string> | undefined {
  const attributes: Record<string, string> = {};
  for (let rest = text.trim(); rest !== '';) {
    const found = ATTRIBUTE.exec(rest);
    const { name, quoted, bare } = found?.groups ?? {};
    const value = quoted === undefined ? bare : jsonText(quoted);
    if (!found || name === undefined || value === undefined) return undefined;
    attributes[name] = value;
    rest = rest.slice(found[0].length);
  }
  return attributes;
}

function jsonText(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}

const attributesIn = (attributes: Agent['attributes']): string =>
  Object.entries(attributes)
    .map(([name, value = '']) => `${name}:${/[|"]/.test(value) ? JSON.stringify(value) : value}`)
    .join(' | ');
