import { describe, expect, test, vi } from 'vitest';
import { seconds } from '#base/time.ts';
import { placeInLine } from './place-in-line.ts';
import { agentId, chats, codeId, queueId, RuleCentre } from '../testing/centre.ts';

const centre = () =>
  new RuleCentre({
    agent: {
      'agent-1': chats(2),
      'agent-2': chats(2),
      'agent-3': { ...chats(2), skills: { french: 8 } },
      outsider: { ...chats(5), roles: ['supervisor'] },
    },
    queue: {
      sales: {},
      support: { serves: { type: 'listed', agents: ['agent-1', 'outsider'] } },
      french: { serves: { type: 'skilled', skills: { french: 8 } } },
    },
    code: { lunch: { use: 'not-ready' } },
  });

/** The newest choice that was made. */
const choiceOf = ({ journal }: RuleCentre) => {
  const body = journal.findLast((r) => r.body.type === 'work-item-offered')?.body;
  return body?.type === 'work-item-offered' ? { agent: body.agent, ...body.choice } : undefined;
};

describe('chooseAgent()', () => {
  test('takes the longest idle agent, and says among how many', () => {
    const rules = centre();
    rules.ready('agent-2', 'agent-1', 'agent-3');
    rules.submit();
    expect(choiceOf(rules)).toEqual({
      agent: 'agent-2',
      by: 'director',
      rule: 'longest-idle',
      candidates: 3,
      configuration: rules.state.configuration.revision,
    });
  });

  test('R12: of many alike agents, of whom a limit of the queue keeps some out, few are looked at', () => {
    const agents = Array.from({ length: 300 }, (_, n) => `agent-${n}`);
    const rules = new RuleCentre({
      agent: Object.fromEntries(agents.map((id) => [id, chats(3)])),
      queue: { sales: { mostPerAgent: 1 }, support: {} },
    });
    rules.ready(...agents);
    const first = rules.submit();
    rules.accept(first);
    rules.accept(rules.submit({ queue: queueId('support') }));
    const looks = vi.spyOn(rules.state, 'hasRoomFor');
    const second = rules.submit();
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-2', candidates: 299 });
    rules.decline(second); // who has just refused it is no candidate, and who is full neither
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-3', candidates: 298 });
    expect(looks.mock.calls.length).toBeLessThan(20);

    for (const _ of agents.slice(2)) rules.accept(rules.submit());
    looks.mockClear();
    const toNobody = rules.submit();
    expect(rules.item(toNobody).state).toBe('queued');
    expect(looks.mock.calls.length).toBeLessThan(20);
    rules.close(first);
    expect(rules.agentOf(toNobody)).toBe('agent-0');
    expect(choiceOf(rules)).toMatchObject({ candidates: 1 });
  });

  test('counts idle from the end of the last contact', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const first = rules.submit();
    rules.accept(first);
    rules.after(1_000).close(first);
    rules.submit();
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-2', rule: 'longest-idle' });
  });

  test('prefers any idle agent to a busy one, and of the busy the least occupied', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const first = rules.submit();
    rules.accept(first);
    const second = rules.submit();
    expect(rules.agentOf(second)).toBe('agent-2');
    rules.accept(second);
    rules.after(5_000).close(second);
    rules.accept(rules.submit());
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-2' });
    rules.accept(rules.submit());
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-1', rule: 'least-occupied' });
  });

  test('R05, R12: capacity holds across all queues of an agent', () => {
    const rules = centre();
    rules.ready('agent-1');
    rules.accept(rules.submit());
    rules.accept(rules.submit({ queue: queueId('support') }));
    expect(rules.item(rules.submit()).state).toBe('queued');
    expect(rules.item(rules.submit({ queue: queueId('support') })).state).toBe('queued');
  });

  test('R07: whoever does not serve the queue does not get it, whichever way', () => {
    const rules = centre();
    rules.ready('outsider', 'agent-2', 'agent-3', 'agent-1');
    rules.submit({ queue: queueId('support') });
    expect(choiceOf(rules)).toMatchObject({ agent: 'outsider', candidates: 2 });
    rules.submit({ queue: queueId('french'), preferredAgent: agentId('agent-2') });
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-3', rule: 'only-candidate' });
  });

  test('prefers the preferred agent while they can take it, else takes anybody at once (R01)', () => {
    const rules = centre();
    const preferredAgent = agentId('agent-2');
    rules.ready('agent-1', 'agent-2');
    rules.submit({ preferredAgent });
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-2', rule: 'preferred-agent' });
    rules.submit({ preferredAgent });
    expect(choiceOf(rules)).toMatchObject({ agent: 'agent-1', rule: 'only-candidate' });
  });

  test('never takes an agent whose browser is gone, who is not ready, or not for this channel (R10)', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2', 'agent-3');
    rules.run('agentVanished', { agent: agentId('agent-1') });
    const lunch = codeId('lunch');
    rules.run('setReadiness', {
      agent: agentId('agent-2'),
      readiness: { state: 'not-ready', reason: lunch },
    });
    rules.run('setReadiness', {
      agent: agentId('agent-3'),
      readiness: { state: 'ready', except: { 'web-chat': lunch } },
    });
    expect(rules.item(rules.submit()).state).toBe('queued');
  });

  test('R17: work that an agent cannot take never blocks work that they can', () => {
    const rules = centre();
    rules.submit({ queue: queueId('french') });
    const other = rules.submit();
    rules.ready('agent-1');
    expect(rules.agentOf(other)).toBe('agent-1');
  });

  test('R22: an agent who takes nothing never halts a queue', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const item = rules.submit();
    rules.expire(item);
    expect(rules.agentOf(item)).toBe('agent-2');
    rules.expire(item);
    expect(rules.item(item).state).toBe('queued');
    rules.after(seconds(5)).ready('agent-3');
    expect(rules.agentOf(item)).toBe('agent-3');
  });
});

describe('the order of work', () => {
  test('is priority, then age from when the customer began to wait', () => {
    const rules = centre();
    const late = rules.submit({ enteredAt: rules.now - 100 });
    const early = rules.submit({ enteredAt: rules.now - 90_000 });
    const urgent = rules.submit({ priority: 1 });
    rules.ready('agent-1');
    const order: string[] = [];
    for (let taken = urgent; order.length < 3;) {
      taken =
        [late, early, urgent].find((id) => rules.state.item(id)?.state === 'offered') ?? taken;
      order.push(taken);
      rules.accept(taken);
      rules.close(taken);
    }
    expect(order).toEqual([urgent, early, late]);
  });

  test('R03: what waits longer is not overtaken by what comes in when room appears', () => {
    const rules = centre();
    rules.ready('agent-1');
    const [one, two] = [rules.submit(), rules.submit()] as const;
    rules.accept(one);
    rules.accept(two);
    const waiting = rules.submit();
    const newer = rules.submit();
    rules.close(one);
    expect(rules.item(waiting).state).toBe('offered');
    expect(rules.item(newer).state).toBe('queued');
  });

  test('R04: in a burst of ten times what can be done nobody is above capacity, nothing is lost, and everybody has a place', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2', 'agent-3');
    const items = Array.from({ length: 60 }, () => rules.submit());
    const served: string[] = [];
    let most = 0;
    while (served.length < items.length) {
      const waiting = items.filter((id) => rules.state.item(id)?.state === 'queued');
      expect(waiting.map((id) => placeInLine(rules.state, id))).toEqual(
        waiting.map((_, n) => n + 1),
      );
      for (const id of items.filter((i) => rules.state.item(i)?.state === 'offered')) {
        rules.accept(id);
      }
      const withAgents = items.filter((id) => rules.state.item(id)?.state === 'accepted');
      most = Math.max(most, withAgents.length);
      const [oldest] = withAgents;
      if (!oldest) continue;
      rules.after(1_000).close(oldest);
      served.push(oldest);
    }
    expect(most).toBe(6); // three agents with room for two each
    expect(served).toEqual(items);
    expect(rules.state).toMatchObject({ entered: 60, ended: 60 });
  });

  test('a store whose clock is ahead pushes nobody back', () => {
    const rules = centre();
    const future = rules.submit({ enteredAt: rules.now + 3_600_000 });
    expect(rules.item(future).enteredAt).toBeLessThanOrEqual(rules.now);
  });
});
