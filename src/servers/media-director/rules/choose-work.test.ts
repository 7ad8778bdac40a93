import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, minutes, seconds } from '#base/time.ts';
import { chats, queueId, RuleCentre, type Documents } from '../testing/centre.ts';
import type { WorkItemId } from '#domain/ids.ts';

const centreOf = (queues: NonNullable<Documents['queue']>, routing: object = {}): RuleCentre =>
  new RuleCentre({
    organisation: { organisation: { routing } },
    agent: { 'agent-1': chats(1), 'agent-2': chats(1) },
    queue: queues,
  });

/** Who is served in which order by one agent. */
function orderOf(rules: RuleCentre, items: readonly WorkItemId[]): WorkItemId[] {
  const order: WorkItemId[] = [];
  while (order.length < items.length) {
    const next = items.find((id) => rules.state.item(id)?.state === 'offered');
    if (!next) throw new Error('Cannot go on: nothing is offered');
    order.push(next);
    rules.accept(next);
    rules.close(next);
  }
  return order;
}

const waitsIn = (rules: RuleCentre, queue: string, waited: number, priority?: number): WorkItemId =>
  rules.submit({ queue: queueId(queue), enteredAt: rules.now - waited, priority });

describe('chooseWork()', () => {
  test('takes the lower tier whatever waits in others', () => {
    const rules = centreOf({ sales: {}, alarms: { tier: 1, serviceObjective: 3_600_000 } });
    const urgent = waitsIn(rules, 'sales', 500_000, 0);
    const alarm = waitsIn(rules, 'alarms', 0, 9);
    rules.ready('agent-1');
    expect(orderOf(rules, [urgent, alarm])).toEqual([alarm, urgent]);
  });

  test('lets one class of priority be worth so much waiting where work ages, and nothing where it does not', () => {
    for (const [ageing, expected] of [
      [seconds(10), 'old'],
      [0, 'urgent'],
    ] as const) {
      const rules = centreOf({ sales: {} }, { ageing });
      const old = waitsIn(rules, 'sales', 25_000, 5);
      const urgent = waitsIn(rules, 'sales', 0, 3);
      rules.ready('agent-1');
      expect(rules.item(expected === 'old' ? old : urgent).state).toBe('offered');
    }
  });

  test('R03: at equal priority whoever waited longer, also against what their queue promises, goes first, however work ages', () => {
    const waited = fc.integer({ min: 0, max: hours(48) });
    const objective = fc.integer({ min: seconds(1), max: hours(48) });
    const ageing = fc.constantFrom(0, 1_000, seconds(7), minutes(1), hours(24));
    const property = fc.property(
      fc.tuple(waited, objective),
      fc.tuple(waited, objective),
      fc.record({ ageing, priority: fc.integer({ min: 0, max: 9 }) }),
      (one, other, { ageing, priority }) => {
        const [[long, soon], [short, late]] = one[0] > other[0] ? [one, other] : [other, one];
        // a class is worth whole milliseconds: so near nobody can tell
        const [least, most] = [(short + 5) / late, (long - 5) / soon];
        fc.pre(long > short && most > least);
        const now = 1_000_000_000;
        const rules = new RuleCentre(
          {
            organisation: { organisation: { routing: { ageing } } },
            agent: { 'agent-1': chats(1) },
            queue: { first: { serviceObjective: soon }, second: { serviceObjective: late } },
          },
          now,
        );
        const newer = waitsIn(rules, 'second', short, priority);
        const first = rules.submit({ queue: queueId('first'), enteredAt: now - long, priority });
        rules.ready('agent-1');
        expect(rules.item(first).state).toBe('offered');
        expect(rules.item(newer).state).toBe('queued');
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  test('R03: a chat far beyond its promise goes before new mail where work ages', () => {
    const queues = {
      chat: { serviceObjective: seconds(30) },
      mail: { serviceObjective: hours(4) },
    };
    const rules = centreOf(queues, { ageing: minutes(1) });
    const chat = waitsIn(rules, 'chat', minutes(4));
    const mail = waitsIn(rules, 'mail', 0);
    rules.ready('agent-1');
    expect(orderOf(rules, [mail, chat])).toEqual([chat, mail]);
  });

  test('a class of priority is worth the more waiting the longer the objective is, in proportion', () => {
    for (const [older, isFirst] of [
      [minutes(39), true],
      [minutes(41), false],
    ] as const) {
      const rules = centreOf({ mail: { serviceObjective: minutes(20) } }, { ageing: minutes(1) });
      const usual = waitsIn(rules, 'mail', older, 5);
      const urgent = rules.submit({ queue: queueId('mail'), enteredAt: rules.now, priority: 3 });
      rules.ready('agent-1');
      expect(rules.item(isFirst ? urgent : usual).state).toBe('offered');
    }
  });

  test('after a clock was set back the most patient queue is not first', () => {
    const rules = centreOf({
      fast: { serviceObjective: seconds(10) },
      slow: { serviceObjective: hours(4) },
    });
    const older = waitsIn(rules, 'fast', minutes(2));
    const newer = waitsIn(rules, 'slow', 0);
    rules.now -= hours(1);
    rules.ready('agent-1');
    expect(orderOf(rules, [newer, older])).toEqual([older, newer]);
  });

  test('serves whoever is nearest to what their queue promises', () => {
    const rules = centreOf({
      fast: { serviceObjective: 10_000 },
      slow: { serviceObjective: 100_000 },
    });
    const long = waitsIn(rules, 'slow', 60_000); // 60 %
    const short = waitsIn(rules, 'fast', 8_000); // 80 %
    rules.ready('agent-1');
    expect(orderOf(rules, [long, short])).toEqual([short, long]);
  });

  test('serves work that has an objective of its own by that, in its queue and in another', () => {
    const rules = centreOf({ sales: {}, mail: {} });
    const comesIn = (queue: string, waited: number, serviceObjective?: number) =>
      rules.submit({ queue: queueId(queue), enteredAt: rules.now - waited, serviceObjective });
    const patient = comesIn('sales', 50_000, 600_000); // a twelfth of it
    const usual = comesIn('sales', 30_000); // half
    const urgent = comesIn('sales', 9_000, 10_000); // nine tenths
    const other = comesIn('mail', 20_000, 25_000); // four fifths
    rules.ready('agent-1');
    const items = [patient, usual, urgent, other];
    expect(orderOf(rules, items)).toEqual([urgent, other, usual, patient]);
  });

  test('decides need at the moment of the decision: what was less in need overtakes', () => {
    const rules = centreOf({
      fast: { serviceObjective: 10_000 },
      slow: { serviceObjective: 100_000 },
    });
    const long = waitsIn(rules, 'slow', 60_000); // 60 %, then 70 %
    const short = waitsIn(rules, 'fast', 1_000); // 10 %, then 110 %
    rules.after(10_000).ready('agent-1');
    expect(orderOf(rules, [long, short])).toEqual([short, long]);
  });

  test('stays with the queue the agent served last, unless the need is greater by the hysteresis', () => {
    for (const [waited, stays] of [
      [5_400, true], // 54 % against 50 %: less than a tenth more
      [5_600, false],
    ] as const) {
      const rules = centreOf({
        fast: { serviceObjective: 10_000 },
        slow: { serviceObjective: 100_000 },
      });
      rules.ready('agent-1');
      const first = waitsIn(rules, 'slow', 0);
      rules.accept(first);
      const own = waitsIn(rules, 'slow', 50_000);
      const other = waitsIn(rules, 'fast', waited);
      rules.now -= 2; // as if both had come at once
      rules.close(first);
      expect(rules.item(stays ? own : other).state).toBe('offered');
    }
  });

  test('staying with a queue goes by what was waited, however much the priority is worth', () => {
    const rules = centreOf(
      { fast: { serviceObjective: 10_000 }, slow: { serviceObjective: 100_000 } },
      { ageing: minutes(10) },
    );
    rules.ready('agent-1');
    const first = waitsIn(rules, 'slow', 0);
    rules.accept(first);
    waitsIn(rules, 'slow', 50_000); // 50 %
    const other = waitsIn(rules, 'fast', 6_000); // 60 %
    rules.close(first);
    expect(rules.item(other).state).toBe('offered');
  });

  test('R03: among queues of one objective nobody stays: what is older goes first', () => {
    const rules = centreOf({ sales: {}, support: {} });
    rules.ready('agent-1');
    const first = waitsIn(rules, 'sales', 0);
    rules.accept(first);
    const older = waitsIn(rules, 'support', 10_100);
    const own = waitsIn(rules, 'sales', 10_000);
    rules.close(first);
    expect(rules.item(older).state).toBe('offered');
    expect(rules.item(own).state).toBe('queued');
  });

  test('a queue that is set up anew takes effect on what waits in it', () => {
    const rules = centreOf({ sales: {}, support: {} });
    const older = waitsIn(rules, 'sales', 50_000);
    const newer = waitsIn(rules, 'support', 20_000);
    rules.configure({ queue: { support: { serviceObjective: 10_000 } } });
    rules.ready('agent-1');
    expect(orderOf(rules, [older, newer])).toEqual([newer, older]);
  });
});
