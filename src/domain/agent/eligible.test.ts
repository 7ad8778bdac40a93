import { expect, test } from 'vitest';
import { Agent, Serves } from '../configuration/documents.ts';
import { AgentId } from '../ids.ts';
import { doesServe } from './eligible.ts';

const agent = (more: object) =>
  Agent.parse({ name: 'Agent 1', login: 'agent-1', roles: ['agent'], ...more });
const skilled = (skills: object) => Serves.parse({ type: 'skilled', skills });

test.each([
  ['everyone who is an agent', agent({}), { type: 'everyone' } as const, true],
  ['nobody who is not', agent({ roles: ['supervisor'] }), { type: 'everyone' } as const, false],
  ['who is listed', agent({}), Serves.parse({ type: 'listed', agents: ['agent-1'] }), true],
  ['who is not listed', agent({}), Serves.parse({ type: 'listed', agents: ['agent-2'] }), false],
  ['who is skilled enough', agent({ skills: { french: 5 } }), skilled({ french: 5 }), true],
  ['who is not', agent({ skills: { french: 4 } }), skilled({ french: 5 }), false],
  ['who has not the skill', agent({}), skilled({ french: 1 }), false],
  [
    'who has one of two skills',
    agent({ skills: { french: 9 } }),
    skilled({ french: 1, sales: 1 }),
    false,
  ],
])('R07: doesServe() is right about %s', (_, who, serves, expected) => {
  expect(doesServe(AgentId.parse('agent-1'), who, serves)).toBe(expected);
});
