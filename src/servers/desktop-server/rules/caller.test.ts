import { expect, test } from 'vitest';
import { AgentId } from '#domain/ids.ts';
import { Agent } from '#domain/configuration/documents.ts';
import { actorOf, personCaller, programCaller } from './caller.ts';

const agent = Agent.parse({ name: 'Agent 1', login: 'agent1', roles: ['agent'] });
const id = AgentId.parse('agent-1');
const bot = { name: 'Bot', roles: ['agent' as const, 'supervisor' as const] };

test('programCaller() is an agent only while it acts for one', () => {
  expect(programCaller('bot', bot)).toEqual({
    name: 'Bot',
    roles: ['supervisor'],
    channels: [],
    by: 'integration:bot',
  });
  expect(programCaller('bot', bot, { id, agent })).toEqual({
    name: 'Bot',
    roles: ['agent', 'supervisor'],
    agent: 'agent-1',
    channels: ['web-chat', 'task'],
    by: 'integration:bot',
  });
});

test('actorOf() is an agent’s id, or one that a journal can keep', () => {
  expect(actorOf(personCaller(id, agent))).toBe('agent-1');
  expect(AgentId.safeParse(actorOf(programCaller('bot', bot))).data).toBe('integration.bot');
});
