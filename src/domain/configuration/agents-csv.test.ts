import { expect, test } from 'vitest';
import { agentsFromCsv } from './agents-csv.ts';
import type { CsvRow } from './agents-csv.ts';
import { idOf } from './id-of.ts';

const rows = (...lines: string[]): CsvRow[] =>
  lines.map((line, at) => ({ line: at + 1, cells: line.split(',') }));

test('agentsFromCsv() reads agents in whatever order the columns stand', () => {
  const table = rows(
    'Login,Name,Roles,Skills,Capacity,Email',
    'agent.1,Agent 1,agent; Supervisor,german: 8; sales:5,web-chat: 3; task: 1,agent1@example.com',
    ',,,,,',
    'agent.2,Agent 2,,,,',
  );
  expect(agentsFromCsv(table)).toEqual({
    documents: [
      {
        kind: 'agent',
        id: 'agent.1',
        body: {
          name: 'Agent 1',
          login: 'agent.1',
          email: 'agent1@example.com',
          roles: ['agent', 'supervisor'],
          skills: { german: 8, sales: 5 },
          capacity: { 'web-chat': 3, task: 1 },
        },
      },
      {
        kind: 'agent',
        id: 'agent.2',
        body: {
          name: 'Agent 2',
          login: 'agent.2',
          roles: ['agent'],
          skills: {},
          capacity: { 'web-chat': 3, task: 1 },
        },
      },
    ],
    problems: [],
  });
});

test('agentsFromCsv() names each bad row by its line and keeps the others', () => {
  const table = rows(
    'id,name,login,roles,skills,email',
    'agent-1,Agent 1,agent.1,,,',
    'agent-2,Agent 2,agent.2,boss,,',
    'agent-3,Agent 3,agent.3,,german=8,',
    'agent-1,Agent 4,agent.4,,,',
    'agent-5,,agent.5,,,no address',
    ',Agent 6,!,,,',
    'agent-7,Agent 7,agent.7,,german: 11,',
  );
  const { documents, problems } = agentsFromCsv(table);
  expect(documents.map((document) => document.id)).toEqual(['agent-1']);
  expect(problems.map(({ line, problem }) => `${line} ${problem}`)).toEqual([
    '3 "boss" is no role',
    '4 "german=8" is not written as "name: number"',
    '5 the agent "agent-1" is in line 2 too',
    expect.stringMatching(/^6 name: /),
    '6 email: Invalid email address',
    '7 no id can be made of the login: give one',
    expect.stringMatching(/^8 skills\.german: /),
  ]);
});

test('agentsFromCsv() says what is wrong with the header', () => {
  expect(agentsFromCsv(rows('name,user,name'))).toEqual({
    documents: [],
    problems: [
      { line: 1, problem: 'there is no column "login"' },
      {
        line: 1,
        problem:
          'the column "user" is not known; there are id, name, login, email, roles, skills, capacity',
      },
      { line: 1, problem: 'the column "name" is there twice' },
    ],
  });
  expect(agentsFromCsv([])).toMatchObject({
    problems: [{ line: 1, problem: 'the file is empty' }],
  });
});

test.each([
  ['Müller & Co', 'muller-co'],
  ['Straße 7', 'strasse-7'],
  ['  --Sales.EU--  ', 'sales.eu'],
  ['日本', ''],
  ['a'.repeat(80), 'a'.repeat(64)],
])('idOf(%j) is %j', (name, id) => {
  expect(idOf(name)).toBe(id);
});

test('idOf() keeps clear of what is taken', () => {
  const taken = new Set(['sales', 'sales-2']);
  expect(idOf('Sales', (id) => taken.has(id))).toBe('sales-3');
});
