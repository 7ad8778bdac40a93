import { describe, expect, test, vi } from 'vitest';
import { minutes } from '#base/time.ts';
import { chats, documents, queueId, RuleCentre } from '../testing/centre.ts';
import type { Documents } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';

const WEEK = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }]);
const NEVER = { timeZone: 'UTC', week: WEEK.map(() => []) };
const ALWAYS = { timeZone: 'UTC', week: WEEK };

/** What a change of the configuration does to thirty items that wait in `sales`, and as many in `support`. */
function changeOf(wanted: Documents) {
  const rules = new RuleCentre({
    agent: { 'agent-1': chats(0) },
    queue: { sales: {}, support: { overflow: 'night' }, night: { schedule: 'office' } },
    schedule: { office: NEVER },
  });
  rules.ready('agent-1');
  for (let n = 0; n < 30; n++) {
    rules.submit();
    rules.submit({ queue: queueId('support') });
  }
  const placed = vi.spyOn(rules.state.waiting, 'add');
  rules.state.configure(documents(wanted, 100));
  const { items, agents } = rules.state.takeTouched();
  const queues = new Set([...items].map((id) => rules.item(id).queue));
  return {
    placed: placed.mock.calls.length,
    touched: items.size,
    queues: [...queues],
    agents: agents.size,
  };
}

describe('What a change of the configuration leaves to do', () => {
  const nothing = { placed: 0, touched: 0, queues: [], agents: 0 };

  test.each<[string, Documents]>([
    ['how long an offer rings', { queue: { sales: { offerTimeout: 30_000 } } }],
    ['what customers are told', { queue: { sales: { announcements: { place: '{place}' } } } }],
    ['what work asks for that comes in', { queue: { sales: { requirements: [] } } }],
    ['the name of the centre', { organisation: { emcee: { name: 'Another' } } }],
    ['a queue where nothing waits', { queue: { other: { tier: 1 } } }],
    ['a code', { code: { lunch: { use: 'not-ready' } } }],
  ])('none for %s', (_, wanted) => {
    expect(changeOf(wanted)).toEqual(nothing);
  });

  test.each<[string, Documents]>([
    ['who serves it', { queue: { sales: { serves: { type: 'listed', agents: [] } } } }],
    ['its objective', { queue: { sales: { serviceObjective: 5_000 } } }],
    ['its tier', { queue: { sales: { tier: 2 } } }],
  ])("the queue's own work stands elsewhere by %s", (_, wanted) => {
    expect(changeOf(wanted)).toMatchObject({ placed: 30, touched: 30, queues: ['sales'] });
  });

  test.each<[string, Documents]>([
    ['how long anybody may wait', { queue: { sales: { limits: { longestWait: 60_000 } } } }],
    ['where it overflows to', { queue: { sales: { overflow: 'support' } } }],
    ['how much of it an agent may have', { queue: { sales: { mostPerAgent: 1 } } }],
  ])("the queue's own work is looked at for %s, where it stands", (_, wanted) => {
    expect(changeOf(wanted)).toMatchObject({ placed: 0, touched: 30, queues: ['sales'] });
  });

  test.each<[string, Documents]>([
    ['a schedule behind it', { schedule: { office: ALWAYS } }],
    ['the hours of a queue behind it', { queue: { night: {} } }],
    [
      'a queue behind it that is retired',
      { queue: { night: { schedule: 'office', retired: true } } },
    ],
  ])('work is looked at that overflows by %s', (_, wanted) => {
    expect(changeOf(wanted)).toMatchObject({ placed: 0, touched: 30, queues: ['support'] });
  });

  test('everything stands elsewhere where all work ages', () => {
    const wanted = { organisation: { emcee: { routing: { ageing: minutes(1) } } } };
    expect(changeOf(wanted)).toMatchObject({ placed: 60, touched: 60, agents: 1 });
  });
});

test('Of a long line that nobody has room for, one item is looked at', () => {
  const sales = { mostPerAgent: 1 };
  const rules = new RuleCentre({ agent: { 'agent-1': chats(2) }, queue: { sales } });
  rules.ready('agent-1');
  rules.accept(rules.submit());
  for (let n = 0; n < 50; n++) rules.submit();
  const asked = vi.spyOn(rules.state, 'signatureOf');
  rules.configure({ queue: { sales: { ...sales, offersPerMinute: 1_000 } } });
  expect(asked.mock.calls.length).toBeLessThan(5);
});

describe('Overflow', () => {
  const limits = { longestWait: minutes(1) };
  const overflowOf = (rules: RuleCentre, id: ReturnType<RuleCentre['submit']>) =>
    dueOfItem(rules.state, rules.item(id), rules.now).find(
      ({ command }) => command.name === 'waitedTooLong',
    )?.at;

  test('of what is left in a retired queue goes on as it was meant to', () => {
    const rules = new RuleCentre({ queue: { sales: { limits, overflow: 'night' }, night: {} } });
    const item = rules.submit();
    const due = rules.now - 1 + minutes(1);
    rules.configure({ queue: { sales: { limits, overflow: 'night', retired: true } } });
    expect(overflowOf(rules, item)).toBe(due);
    rules.after(minutes(2)).run('waitedTooLong', { item });
    const [moved] = rules.state.centre.items.values();
    expect(moved).toMatchObject({ queue: 'night', passed: ['sales'] });
  });

  test('of what has waited long enough falls due once the hours behind it begin', () => {
    const rules = new RuleCentre({
      queue: { sales: { limits, overflow: 'night' }, night: { schedule: 'office' } },
      schedule: { office: NEVER },
    });
    const item = rules.submit();
    rules.after(minutes(2));
    expect(overflowOf(rules, item)).toBeUndefined();
    rules.state.configure(documents({ schedule: { office: ALWAYS } }, 100));
    expect(rules.state.takeTouched().items).toContain(item);
    expect(overflowOf(rules, item)).toBe(rules.now);
  });
});
