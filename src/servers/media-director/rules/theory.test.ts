import { expect, test } from 'vitest';
import { minutes } from '#base/time.ts';
import { erlangA } from '#domain/erlang/erlang-a.ts';
import { erlangC } from '#domain/erlang/erlang-c.ts';
import { Customers, type Fate } from '../testing/customers.ts';
import { FirstComeFirstServed } from '../testing/first-come-first-served.ts';
import { ServedByTheRules } from '../testing/served-by-the-rules.ts';

/** `npm run bench -- theory` takes millions, and asks for 2 %. */
const CUSTOMERS = 4_000;

// The rules' time has steps of a millisecond: long contacts make them small.
const handlingTime = minutes(100);
const traffic = { load: 6, agents: 8, handlingTime };

function serve(seed: number, patience?: number): { rules: readonly Fate[]; inOrder: Fate[] } {
  const customers = new Customers(seed, traffic, patience);
  const rules = new ServedByTheRules(traffic.agents);
  const reference = new FirstComeFirstServed(traffic.agents);
  const inOrder = Array.from({ length: CUSTOMERS }, () => {
    const customer = customers.next();
    rules.arrive(customer);
    return reference.serve(customer);
  });
  return { rules: rules.finish(), inOrder };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('advance() serves patient customers in the order in which they came, and as Erlang C says', () => {
  const { rules, inOrder } = serve(1);
  expect(rules).toEqual(inOrder);
  const { waits, meanWait } = erlangC(traffic);
  const found = mean(rules.map(({ waited }) => (waited > 0 ? 1 : 0)));
  expect(Math.abs(found / waits - 1)).toBeLessThan(0.15);
  expect(Math.abs(mean(rules.map((fate) => fate.waited)) / meanWait - 1)).toBeLessThan(0.3);
});

test('advance() serves impatient customers in the order in which they came, and as Erlang A says', () => {
  const { rules, inOrder } = serve(2, handlingTime / 2);
  expect(rules).toEqual(inOrder);
  const { abandons, meanWait } = erlangA(traffic, handlingTime / 2);
  const found = mean(rules.map((fate) => (fate.abandoned ? 1 : 0)));
  expect(Math.abs(found / abandons - 1)).toBeLessThan(0.15);
  expect(Math.abs(mean(rules.map((fate) => fate.waited)) / meanWait - 1)).toBeLessThan(0.3);
});
