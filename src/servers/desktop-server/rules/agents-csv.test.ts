import { expect, test } from 'vitest';
import { Agent } from '#domain/configuration/documents.ts';
import { AgentId } from '#domain/ids.ts';
import { readAgentsCsv, writeAgentsCsv } from './agents-csv.ts';

const known = [
  {
    id: AgentId.parse('agent-1'),
    agent: Agent.parse({ name: 'Agent 1', login: 'agent1', roles: ['agent', 'supervisor'] }),
  },
];

test('readAgentsCsv() creates and changes, and leaves what a row does not say', () => {
  const csv = [
    '\uFEFFlogin;name;roles;skills;channels;password',
    'AGENT1;Agent One;;;;',
    'new.agent;Agent 2;agent supervisor;german:8 billing:10;web-chat:5;long enough',
    '',
  ].join('\r\n');
  expect(readAgentsCsv(csv, known)).toEqual({
    rows: [
      {
        line: 2,
        id: 'agent-1',
        body: { ...known[0]?.agent, login: 'AGENT1', name: 'Agent One' },
        password: undefined,
      },
      {
        line: 3,
        id: 'new.agent',
        body: {
          login: 'new.agent',
          name: 'Agent 2',
          roles: ['agent', 'supervisor'],
          skills: { german: 8, billing: 10 },
          capacity: { 'web-chat': 5 },
        },
        password: 'long enough',
      },
    ],
    problems: [],
  });
});

test.each([
  ['login,name\nx,', 'name: '],
  ['login,name,roles\nx,X,king', 'roles.0: '],
  ['login,name,skills\nx,X,german', 'skills: write "name:number", not "german"'],
  ['login,name,skills\nx,X,german:11', 'skills.german: '],
  ['login,name,email\nx,X,nobody', 'email: '],
  ['login,name\nx,X\nX,Y', 'login "X" is in this file twice'],
  ['login,name\n帮,X', 'no id can be made of login "帮"'],
  ['login,nmae\nx,X', 'no such column: "nmae"'],
])('readAgentsCsv() names what is wrong in %j', (csv, problem) => {
  const { problems } = readAgentsCsv(csv, known);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.problem.slice(0, problem.length)).toBe(problem);
});

test.each([
  ['login,name\nx,X\ny,"Y\nz,Z', 4, 'a quotation mark in or before this line is never closed'],
  ['login,name\nx,X\ny,Y "Z"', 3, 'a quotation mark stands within a cell'],
  ['login,name\nx,X\ny,"Y"Z', 3, 'something follows a closing quotation mark'],
])('readAgentsCsv() reads nothing of %j, which breaks in line %s', (csv, line, problem) => {
  const { rows, problems } = readAgentsCsv(csv, known);
  expect([rows, problems.map((each) => each.line)]).toEqual([[], [line]]);
  expect(problems[0]?.problem).toMatch(new RegExp(`^${problem}.*: nothing was read$`));
});

test('writeAgentsCsv() writes what readAgentsCsv() reads as it was', () => {
  const agents = [
    {
      name: '=1+1; Agent, "3"',
      login: 'agent.3',
      email: 'agent.3@example.com',
      roles: ['agent', 'administrator'],
      skills: { german: 8, billing: 5 },
      attributes: { site: 'New York', floor: '2 | "3"', 'team.of': 'a:b' },
      capacity: { 'web-chat': 3, email: 10 },
      budget: 300,
    },
    { name: 'Agent 4', login: '-agent', roles: ['agent'] },
  ].map((body, n) => [AgentId.parse(`agent-${n + 3}`), Agent.parse(body)] as const);
  const { rows, problems } = readAgentsCsv(writeAgentsCsv(agents), []);
  expect(problems).toEqual([]);
  expect(rows.map(({ id, body }) => [id, Agent.parse(body)])).toEqual(agents);
});
