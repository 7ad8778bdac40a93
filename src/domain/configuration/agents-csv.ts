/**
 * Agents from a table, as a personnel department keeps it: a header row, then one agent a row.
 *
 *     id,name,login,email,roles,skills,capacity
 *     ,Agent 1,agent.1,agent1@example.com,agent; supervisor,german: 8; sales: 5,web-chat: 3; task: 1
 *
 * Only `name` and `login` must be there, in any order; an id is made of the login where none is given.
 */
import { Agent, Role } from './documents.ts';
import { idOf } from './id-of.ts';
import type { DraftDocument } from './initial.ts';
import { Channel, SkillId } from '../ids.ts';

/** A row of the file: where it begins, and what stands in it. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface AgentsFromCsv {
  /** What can be stored, in the order of the file. */
  readonly documents: readonly DraftDocument<'agent'>[];
  /** What is wrong, by line; a row that is named here is not among the documents. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

const COLUMNS = ['id', 'name', 'login', 'email', 'roles', 'skills', 'capacity'] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ['name', 'login'];

/** Reads agents from rows already split, the header first. What they refer to is checked when they are stored. */
export function agentsFromCsv(rows: readonly CsvRow[]): AgentsFromCsv {
  const [header, ...data] = rows;
  if (!header) return { documents: [], problems: [{ line: 1, problem: 'the file is empty' }] };
  const columns = header.cells.map((cell) => cell.trim().toLowerCase());
  const problems = headerProblems(columns).map((problem) => ({ line: header.line, problem }));
  if (problems.length > 0) return { documents: [], problems };

  const documents: DraftDocument<'agent'>[] = [];
  const lineOf = new Map<string, number>();
  for (const { line, cells } of data) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const agent = agentOf((column) => cells[columns.indexOf(column)]?.trim() ?? '');
    const earlier = agent.document && lineOf.get(agent.document.id);
    if (earlier !== undefined) {
      problems.push({
        line,
        problem: `the agent "${agent.document?.id}" is in line ${earlier} too`,
      });
    } else if (agent.document) {
      lineOf.set(agent.document.id, line);
      documents.push(agent.document);
    }
    problems.push(...agent.problems.map((problem) => ({ line, problem })));
  }
  return { documents, problems };
}

const isColumn = (name: string): boolean => COLUMNS.some((column) => column === name);

function headerProblems(columns: readonly string[]): string[] {
  return [
    ...REQUIRED.filter((name) => !columns.includes(name)).map(
      (name) => `there is no column "${name}"`,
    ),
    ...columns
      .filter((name) => name !== '' && !isColumn(name))
      .map((name) => `the column "${name}" is not known; there are ${COLUMNS.join(', ')}`),
    ...columns
      .filter((name, at) => name !== '' && columns.indexOf(name) !== at)
      .map((name) => `the column "${name}" is there twice`),
  ];
}

interface OneAgent {
  readonly document?: DraftDocument<'agent'>;
  readonly problems: readonly string[];
}

function agentOf(cell: (column: Column) => string): OneAgent {
  const id = cell('id') || idOf(cell('login'));
  const skills = pairs(cell('skills'));
  const capacity = pairs(cell('capacity'));
  const problems = [
    ...(id === '' ? ['no id can be made of the login: give one'] : []),
    ...skills.problems,
    ...capacity.problems,
    ...unknownOf('skill', Object.keys(skills.values), (name) => SkillId.safeParse(name).success),
    ...unknownOf(
      'channel',
      Object.keys(capacity.values),
      (name) => Channel.safeParse(name).success,
    ),
  ];
  const roles = list(cell('roles'));
  problems.push(...unknownOf('role', roles, (name) => Role.safeParse(name).success));
  if (problems.length > 0) return { problems };

  const body = {
    name: cell('name'),
    login: cell('login'),
    ...(cell('email') === '' ? {} : { email: cell('email') }),
    roles: roles.length > 0 ? roles : ['agent'],
    ...(cell('skills') === '' ? {} : { skills: skills.values }),
    ...(cell('capacity') === '' ? {} : { capacity: capacity.values }),
  };
  const read = Agent.safeParse(body);
  if (read.success) return { document: { kind: 'agent', id, body: read.data }, problems: [] };
  return {
    problems: read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  };
}

const list = (cell: string): string[] =>
  cell
    .split(';')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');

/** `german: 8; sales: 5` as numbers by name. */
function pairs(cell: string): { values: Record<string, number>; problems: string[] } {
  const values: Record<string, number> = {};
  const problems: string[] = [];
  for (const part of list(cell)) {
    const [, name, number] = /^([^:]+):\s*(\d{1,3})$/.exec(part) ?? [];
    if (name === undefined) problems.push(`"${part}" is not written as "name: number"`);
    else values[name.trim()] = Number(number);
  }
  return { values, problems };
}

const unknownOf = (
  what: string,
  names: readonly string[],
  isKnown: (name: string) => boolean,
): string[] => names.filter((name) => !isKnown(name)).map((name) => `"${name}" is no ${what}`);
