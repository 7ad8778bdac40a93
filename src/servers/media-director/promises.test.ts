import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import type { Violation } from '#domain/work-item/standing.ts';
import { Director } from './director.ts';
import type { Ledger } from './ledger.ts';
import { Promises } from './promises.ts';
import { RuleCentre, agentId, chats } from './testing/centre.ts';

const ONE = agentId('agent-1');

/** A centre whose state a test can spoil as no event would. */
function begin() {
  const rules = new RuleCentre({ agent: { 'agent-1': chats(2) }, queue: { sales: {} } });
  const clock = new ManualClock(rules.now);
  const ledger: Ledger = {
    position: 0,
    isOurs: true,
    isAway: false,
    ours: async () => {},
    append: async () => 0,
    mayHaveEnded: () => false,
    endingsOf: async () => new Map(),
    follow() {
      throw new Error('Nobody follows');
    },
  };
  const director = new Director({ clock, state: rules.state, ledger });
  const broken: string[] = [];
  const alarms: number[] = [];
  const promises = new Promises({
    clock,
    director: () => director,
    broken: ({ what }) => void broken.push(what),
    changed: (violations) => void alarms.push(violations.length),
    failed: (error) => {
      throw error;
    },
  });
  const look = () => promises.look(new AbortController().signal);
  const violations = (): readonly Violation[] =>
    promises.standing().promises.flatMap((each) => each.violations);
  return { rules, clock, promises, look, broken, alarms, violations };
}

test('Promises.standing() tells what came in, ended and is open, by state', async () => {
  const { rules, promises, look } = begin();
  rules.ready('agent-1');
  const item = rules.submit();
  rules.accept(item);
  rules.close(item);
  rules.submit();
  rules.submit();
  await look();
  expect(promises.standing()).toMatchObject({
    entered: 3,
    ended: 1,
    open: 2,
    states: { offered: 1, queued: 1 },
    agents: 1,
    agentsAboveLimit: 0,
    checkedAt: rules.now - 4,
  });
  expect(promises.standing().promises.map(({ violations }) => violations)).toEqual([
    [],
    [],
    [],
    [],
  ]);
});

test('a broken promise is told once, with the work item named, and shown while it is broken', async () => {
  const { rules, look, broken, alarms, violations, promises } = begin();
  rules.ready('agent-1');
  const item = rules.submit();
  const status = rules.state.centre.agents.get(ONE);
  rules.state.centre.agents.delete(ONE); // no event does this
  rules.state.entered++;
  await look();
  await look();
  const what = `Work item "${item}" is offered with nobody who is logged in`;
  const sum = '2 work items came in, but 0 ended and 1 are open';
  expect(broken).toEqual([what, sum]);
  expect(violations()).toMatchObject([{ what, item, agent: ONE }, { what: sum }]);
  if (status) rules.state.centre.agents.set(ONE, status);
  rules.state.entered--;
  await look();
  expect(violations()).toEqual([]);
  expect(promises.standing().promises.map((each) => each.broken)).toEqual([1, 1, 0, 0]);
  expect(alarms).toEqual([0, 2, 0]);
});

test('an offer past its deadline is told when a second look finds it still there', async () => {
  const { rules, clock, look, violations } = begin();
  rules.ready('agent-1');
  const item = rules.submit();
  const { deadline = 0 } = rules.item(item);
  clock.advance(deadline + 999 - clock.now());
  await look();
  await look();
  expect(violations()).toEqual([]);
  clock.advance(2);
  await look();
  expect(violations()).toEqual([]); // the timer that ends it may be about to
  await look();
  expect(violations()).toMatchObject([{ promise: 'deadline', item, agent: ONE }]);
});

test('a step that broke a promise is shown for ten minutes, whatever is found meanwhile', async () => {
  const { clock, promises, look, broken, violations } = begin();
  const violation = { promise: 'capacity', what: 'Too much', agent: ONE } as const;
  promises.note([violation]);
  promises.note([violation]);
  await look();
  expect([broken, violations().length]).toEqual([['Too much'], 1]);
  clock.advance(seconds(601));
  await look();
  expect(violations()).toEqual([]);
});

test('who has more than a lowered limit allows is counted, and is no violation', async () => {
  const { rules, promises, look, violations } = begin();
  rules.ready('agent-1');
  for (const item of [rules.submit(), rules.submit()]) rules.accept(item);
  rules.configure({ agent: { 'agent-1': chats(1) }, queue: { sales: {} } });
  await look();
  expect([promises.standing().agentsAboveLimit, violations().length]).toEqual([1, 0]);
});
