import { describe, expect, test } from 'vitest';
import { minutes } from '#base/time.ts';
import type { AgentOrder } from '#domain/configuration/routing.ts';
import { agentId, queueId, RuleCentre } from '../testing/centre.ts';

const FRENCH = { type: 'skill', skill: 'french', level: 1 };

const centreOf = (agentOrder: AgentOrder, more: object = {}, routing: object = {}): RuleCentre =>
  new RuleCentre({
    organisation: { organisation: { routing } },
    agent: {
      'agent-1': { capacity: { 'web-chat': 2, email: 2 }, skills: { french: 3, sales: 9 } },
      'agent-2': { capacity: { 'web-chat': 5 }, skills: { french: 8 } },
      'agent-3': {
        capacity: { 'web-chat': 3 },
        skills: { sales: 1 },
        attributes: { site: 'rome' },
      },
    },
    queue: { sales: { agentOrder, ...more }, 'e-mail': {} },
  });

/** To whom the next work goes, and by which rule. */
function next(rules: RuleCentre): { agent: string; rule: string } | undefined {
  rules.submit();
  const body = rules.journal.findLast((r) => r.body.type === 'work-item-offered')?.body;
  return body?.type === 'work-item-offered'
    ? { agent: body.agent, rule: body.choice.rule }
    : undefined;
}

describe('the orders of agents', () => {
  test('most skilled: the highest sum of the levels that the work names, then the longest idle', () => {
    const serves = { type: 'skilled', skills: { french: 1 } };
    const requirements = [{ after: 0, requirement: { preferred: { type: 'skill', skill: 'x' } } }];
    const rules = centreOf('most-skilled', { serves, requirements });
    rules.ready('agent-1', 'agent-2', 'agent-3');
    expect(next(rules)).toEqual({ agent: 'agent-2', rule: 'most-skilled' });
    expect(next(rules)).toEqual({ agent: 'agent-1', rule: 'only-candidate' });
  });

  test('most spare capacity: who could have the most besides', () => {
    const rules = centreOf('most-spare-capacity');
    rules.ready('agent-1', 'agent-3', 'agent-2');
    expect(next(rules)).toEqual({ agent: 'agent-2', rule: 'most-spare-capacity' });
    expect(next(rules)).toEqual({ agent: 'agent-3', rule: 'most-spare-capacity' });
  });

  test('round robin: who was offered something the longest ago, taken or not', () => {
    const rules = centreOf('round-robin');
    rules.ready('agent-3', 'agent-1', 'agent-2');
    const agents = Array.from({ length: 4 }, () => {
      const chosen = next(rules);
      const offered = [...rules.state.centre.items.values()].find((i) => i.state === 'offered');
      if (offered) rules.run('forceClose', { item: offered.id, by: offered.agent! });
      return chosen?.agent;
    });
    expect(agents).toEqual(['agent-3', 'agent-1', 'agent-2', 'agent-3']);
  });

  test.each(['round-robin', 'longest-idle'] as const)(
    'who moves to another station keeps their place: %s',
    (order) => {
      const rules = centreOf(order);
      rules.ready('agent-3', 'agent-1');
      rules.after(minutes(1));
      const first = rules.submit();
      expect(rules.agentOf(first)).toBe('agent-3');
      rules.accept(first);
      rules.after(minutes(1)).close(first);
      const [moves, moved] = order === 'round-robin' ? ['agent-3', false] : ['agent-1', true];
      const agent = agentId(moves);
      rules.run('logIn', { agent, station: 'another', takeOver: true });
      rules.run('setReadiness', { agent, readiness: { state: 'ready' } });
      expect(next(rules)?.agent === moves).toBe(moved);
    },
  );

  test('least occupied: whose time since log-in was taken up least, idle ones first', () => {
    const rules = centreOf('least-occupied');
    rules.ready('agent-1', 'agent-2');
    for (const [agent, time] of [
      ['agent-1', minutes(5)],
      ['agent-2', minutes(1)],
    ] as const) {
      const item = rules.submit();
      expect(rules.agentOf(item)).toBe(agent);
      rules.accept(item);
      rules.after(time).close(item);
    }
    // Agent 1 has been idle for longer, and was busy for longer.
    expect(next(rules)).toEqual({ agent: 'agent-2', rule: 'least-occupied' });
  });

  test('what is preferred comes first and keeps nobody out', () => {
    const preferred = { type: 'attribute', attribute: 'site', values: ['rome'] };
    const rules = centreOf('longest-idle', {
      requirements: [{ after: 0, requirement: { preferred } }],
    });
    rules.ready('agent-1', 'agent-2', 'agent-3');
    expect(next(rules)).toEqual({ agent: 'agent-3', rule: 'preferred-skills' });
    expect(next(rules)).toEqual({ agent: 'agent-1', rule: 'longest-idle' });
  });

  test('what must be keeps out whoever is not', () => {
    const requirements = [{ after: 0, requirement: { must: FRENCH } }];
    const rules = centreOf('longest-idle', { requirements });
    rules.ready('agent-3');
    expect(next(rules)).toBeUndefined();
    rules.ready('agent-2');
    expect([...rules.state.centre.items.values()][0]).toMatchObject({ agent: 'agent-2' });
  });

  test('idle is counted as it is set: by any contact, or by those of the same channel', () => {
    for (const [resetBy, agent] of [
      ['any-channel', 'agent-2'],
      ['same-channel', 'agent-1'],
    ] as const) {
      const rules = centreOf('longest-idle', {}, { idle: { resetBy } });
      rules.ready('agent-1', 'agent-2');
      const mail = rules.submit({ queue: queueId('e-mail'), channel: 'email' });
      expect(rules.agentOf(mail)).toBe('agent-1');
      rules.accept(mail);
      rules.after(minutes(1)).close(mail);
      expect(next(rules)?.agent).toBe(agent);
    }
  });

  test('coming back from not ready begins idleness anew only where that is set', () => {
    for (const notReadyResets of [true, false]) {
      const rules = centreOf('longest-idle', {}, { idle: { notReadyResets } });
      rules.ready('agent-1', 'agent-2');
      const agent = [...rules.state.centre.agents.keys()][0]!;
      const reason = rules.state.centre.agents.get(agent)!.readiness;
      rules.run('setReadiness', {
        agent,
        readiness: { state: 'not-ready', reason: 'logged-in' as never },
      });
      rules.after(minutes(1)).run('setReadiness', { agent, readiness: reason });
      expect(next(rules)?.agent).toBe(notReadyResets ? 'agent-2' : 'agent-1');
    }
  });
});
