import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hours } from '#base/time.ts';
import type { Readiness } from '#domain/agent/state.ts';
import { agentId, chats, codeId, queueId, RuleCentre } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';

const READINESS: readonly Readiness[] = [
  { state: 'ready' },
  { state: 'not-ready', reason: codeId('lunch') },
];
const AGENTS = ['agent-1', 'agent-2'] as const;

const someDay = fc.constantFrom(
  [],
  [{ from: '09:00', to: '17:00' }],
  [{ from: '00:00', to: '24:00' }],
);
const someSchedule = fc.record({
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Auckland'),
  week: fc.array(someDay, { minLength: 7, maxLength: 7 }),
});
const someTime = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) });
const someQueue = fc.record(
  {
    schedule: fc.constantFrom('office', 'gone'),
    overflow: fc.constantFrom('sales', 'second', 'gone'),
    limits: fc.record(
      { waiting: fc.integer({ min: 0, max: 2 }), longestWait: fc.constant(hours(1)) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const someLines = fc.record({
  schedule: fc.record({ office: someSchedule }),
  queue: fc.record({ sales: someQueue, second: someQueue }),
});

const centreWith = (lines: object, at: number): RuleCentre =>
  new RuleCentre(
    {
      agent: { 'agent-1': chats(1), 'agent-2': chats(1) },
      code: { lunch: { use: 'not-ready' } },
      ...lines,
    },
    at,
  );

test('P06: whatever hours and limits are set, what can wait is let in at any time', () => {
  const some = fc.record({
    lines: someLines,
    at: someTime,
    more: fc.constantFrom(
      { channel: 'email' as const },
      { channel: 'task' as const },
      { channel: 'web-chat' as const, offline: true },
    ),
  });
  const property = fc.property(some, ({ lines, at, more }) => {
    const centre = centreWith(lines, at);
    for (let n = 0; n < 4; n++) {
      const item = centre.submit({ ...more, queue: queueId(n % 2 === 0 ? 'sales' : 'second') });
      expect(centre.item(item).state).toBe('queued');
    }
  });
  fc.assert(property, { numRuns: 200 });
});

test('P04: whatever hours are set, and whenever they begin and end, nobody is ready or gone by them', () => {
  const some = fc.record({
    lines: someLines,
    others: someLines,
    at: someTime,
    which: fc.integer({ min: 0, max: 3 }),
    steps: fc.array(fc.integer({ min: 1, max: hours(9) }), { maxLength: 10 }),
  });
  const property = fc.property(some, ({ lines, others, at, which, steps }) => {
    const centre = centreWith(lines, at);
    AGENTS.forEach((name, n) => {
      const agent = agentId(name);
      const readiness = READINESS[(which >> n) & 1] ?? { state: 'ready' };
      centre.run('logIn', { agent, station: name });
      centre.run('setReadiness', { agent, readiness });
    });
    const states = () =>
      AGENTS.map((name) => {
        const { readiness, pending, present } = centre.state.centre.agents.get(agentId(name)) ?? {};
        return { readiness, pending, present };
      });
    const before = states();
    const mail = centre.submit({ channel: 'email' });
    for (const step of steps) {
      centre.after(step).configure(step % 2 === 0 ? lines : others);
      const item = centre.state.item(mail);
      const due = item ? dueOfItem(centre.state, item, centre.now) : [];
      for (const { command, at: then } of due) {
        if (then <= centre.now) centre.run(command.name, command.params);
      }
      centre.run('resumed', {});
      expect(states()).toEqual(before);
    }
  });
  fc.assert(property, { numRuns: 100 });
});
