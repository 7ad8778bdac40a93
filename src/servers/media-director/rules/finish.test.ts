import { describe, expect, test } from 'vitest';
import { agentId, codeId, queueId, RuleCentre } from '../testing/centre.ts';
import { codeOf } from '../testing/refusals.ts';
import { dueOfAgent } from './by-the-clock.ts';

const ONE = agentId('agent-1');
const SOLD = codeId('sold');

const centre = () =>
  new RuleCentre({
    agent: { 'agent-1': { capacity: { 'web-chat': 3, email: 1 } } },
    queue: {
      sales: { wrapUp: { longest: 30_000, codeRequired: true } },
      support: { wrapUp: { longest: 60_000, codeRequired: false } },
      service: {},
    },
    code: {
      sold: { use: 'work' },
      solved: { use: 'work', queues: ['support'] },
      lunch: { use: 'not-ready' },
    },
  });
const wrapUpsOf = (rules: RuleCentre) => rules.state.centre.agents.get(ONE)?.wrapUps ?? [];

/** The agent has closed one contact of each of these queues. */
function closed(rules: RuleCentre, ...queues: string[]) {
  rules.ready('agent-1');
  return queues.map((queue) => {
    const item = rules.submit({ queue: queueId(queue) });
    rules.accept(item);
    rules.close(item);
    return item;
  });
}

describe('R20: wrap-up is of one contact, and nothing of another queue ends it', () => {
  test('each runs for as long as its own queue says', () => {
    const rules = centre();
    closed(rules, 'sales', 'support', 'service');
    const status = rules.state.centre.agents.get(ONE);
    const due = status ? dueOfAgent(rules.state.policy, status, false) : [];
    expect(wrapUpsOf(rules).map(({ queue }) => queue)).toEqual(['sales', 'support']);
    expect(due.map(({ at }) => at - rules.now)).toEqual([30_000 - 2, 60_000 - 1]);
  });

  test('the end of one leaves the other as it is', () => {
    const rules = centre();
    const [first = never(), second = never()] = closed(rules, 'sales', 'support');
    const other = wrapUpsOf(rules).find(({ item }) => item === second);
    rules.run('endWrapUp', { agent: ONE, item: first, code: SOLD });
    expect(wrapUpsOf(rules)).toEqual([other]);
  });

  test('it takes up room of its channel, and none of another', () => {
    const rules = centre();
    closed(rules, 'sales', 'support', 'support');
    expect(rules.agentOf(rules.submit({ queue: queueId('service') }))).toBeUndefined();
    expect(rules.agentOf(rules.submit({ channel: 'email' }))).toBe(ONE);
  });

  test('an offer, an answer or a return of other work do not touch it', () => {
    const rules = centre();
    closed(rules, 'sales');
    const before = wrapUpsOf(rules);
    rules.decline(rules.submit({ queue: queueId('service') }));
    rules.accept(rules.submit({ queue: queueId('support') }));
    expect(wrapUpsOf(rules)).toEqual(before);
  });
});

describe('a work code that is a must', () => {
  test('is asked for in wrap-up, and must be one for the queue', () => {
    const rules = centre();
    const [item = never()] = closed(rules, 'sales');
    const end = (code?: string) => () =>
      rules.run('endWrapUp', { agent: ONE, item, code: code ? codeId(code) : undefined });
    expect(end()).toThrow(/without a work code/);
    expect(end('lunch')).toThrow(/no such work code/);
    expect(end('solved')).toThrow(/no such work code/);
    end('sold')();
    expect(wrapUpsOf(rules)).toEqual([]);
  });

  test('is not waited for beyond the longest time', () => {
    const rules = centre();
    closed(rules, 'sales');
    const [{ segment } = never()] = wrapUpsOf(rules);
    rules.after(30_000).run('wrapUpOver', { agent: ONE, segment });
    expect(wrapUpsOf(rules)).toEqual([]);
  });
});

function never(): never {
  throw new Error('Cannot go on: there is no wrap-up');
}

test('what a supervisor closes by force gets a work code of its queue, or none', () => {
  const rules = centre();
  const close = (code?: string) =>
    codeOf(() =>
      rules.run('forceClose', {
        item,
        by: agentId('agent-2'),
        code: code ? codeId(code) : undefined,
      }),
    );
  let item = rules.submit({ queue: queueId('sales') });
  for (const wrong of ['does-not-exist', 'lunch', 'solved']) {
    expect(close(wrong)).toBe('unknown-code');
  }
  expect(rules.item(item).state).toBe('queued');
  expect(close('sold')).toBe('done');
  item = rules.submit({ queue: queueId('sales') });
  expect(close()).toBe('done');
});
