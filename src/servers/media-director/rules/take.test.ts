import { describe, expect, test } from 'vitest';
import { agentId, chats, queueId, RuleCentre } from '../testing/centre.ts';

const [ONE, TWO] = [agentId('agent-1'), agentId('agent-2')];
const MAIL = queueId('mail');

/** Two agents who are not ready, and a queue they may take from. */
function centre(mayPull = true): RuleCentre {
  const rules = new RuleCentre({
    agent: { 'agent-1': chats(1), 'agent-2': chats(1) },
    queue: { mail: { mayPull, serves: { type: 'listed', agents: ['agent-1'] } } },
  });
  for (const agent of [ONE, TWO]) rules.run('logIn', { agent, station: agent });
  return rules;
}

describe('take', () => {
  test('makes what waits theirs at once, also when they are not ready', () => {
    const rules = centre();
    const item = rules.submit({ queue: MAIL });
    rules.run('take', { item, agent: ONE });
    expect(rules.item(item)).toMatchObject({ state: 'accepted', agent: ONE });
  });

  test('twice has the effect of once', () => {
    const rules = centre();
    const item = rules.submit({ queue: MAIL });
    rules.run('take', { item, agent: ONE });
    const length = rules.journal.length;
    rules.run('take', { item, agent: ONE });
    expect(rules.journal.length).toBe(length);
  });

  test('is for queues that allow it', () => {
    const rules = centre(false);
    const item = rules.submit({ queue: MAIL });
    expect(() => rules.run('take', { item, agent: ONE })).toThrow('not for you to take');
  });

  test('is for agents who serve the queue', () => {
    const rules = centre();
    const item = rules.submit({ queue: MAIL });
    expect(() => rules.run('take', { item, agent: TWO })).toThrow('not for you to take');
  });

  test('keeps the cap', () => {
    const rules = centre();
    const [first, second] = [rules.submit({ queue: MAIL }), rules.submit({ queue: MAIL })];
    rules.run('take', { item: first, agent: ONE });
    expect(() => rules.run('take', { item: second, agent: ONE })).toThrow('no room');
  });

  test('comes too late for what somebody has', () => {
    const rules = centre();
    const item = rules.submit({ queue: MAIL });
    rules.run('take', { item, agent: ONE });
    expect(() => rules.run('take', { item, agent: TWO })).toThrow('accepted');
  });
});
