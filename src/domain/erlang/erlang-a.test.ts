import { expect, test } from 'vitest';
import { seconds } from '#base/time.ts';
import { erlangA } from './erlang-a.ts';
import { erlangC } from './erlang-c.ts';

// Garnett, Mandelbaum and Reiman, "Designing a call center with impatient customers", 2002: 50 agents,
// 48 calls per minute of one minute; with a patience of two minutes 3.1 % leave and the mean wait falls
// from 20.8 s to 3.7 s.
test('erlangA() meets the published comparison with Erlang C', () => {
  const traffic = { load: 48, agents: 50, handlingTime: seconds(60) };
  const { abandons, meanWait } = erlangA(traffic, seconds(120));
  expect((abandons * 100).toFixed(1)).toBe('3.1');
  expect((meanWait / 1_000).toFixed(1)).toBe('3.7');
  expect((erlangC(traffic).meanWait / 1_000).toFixed(1)).toBe('20.8');
});

// Where patience is as long as handling, contacts leave at one rate, served or not: their number is Poisson.
test.each([
  [1, 1],
  [5, 5],
  [100, 110],
  [500, 470],
])('erlangA() of %i agents and %f erlangs of equal patience is Poisson', (agents, load) => {
  let chance = Math.exp(-load);
  let someFree = 0;
  let waiting = 0;
  for (let k = 0; k < 50 + 4 * (agents + load); k++) {
    if (k < agents) someFree += chance;
    else waiting += chance * (k - agents);
    chance *= load / (k + 1);
  }
  const found = erlangA({ load, agents, handlingTime: 1_000 }, 1_000);
  expect(found.waits).toBeCloseTo(1 - someFree, 10);
  expect(found.abandons).toBeCloseTo(waiting / load, 10);
});

test.each([
  [2, 1.2],
  [50, 45],
  [500, 480],
])('erlangA() of %i agents and %f erlangs becomes Erlang C as patience grows', (agents, load) => {
  const traffic = { load, agents, handlingTime: 1_000 };
  const patient = erlangC(traffic);
  const found = erlangA(traffic, 1e12);
  expect(found.waits).toBeCloseTo(patient.waits, 5);
  expect(found.meanWait / patient.meanWait).toBeCloseTo(1, 5);
});

test.each([
  ['much too many customers', { load: 3_000, agents: 500 }, 10_000_000, 1, 1 - 500 / 3_000],
  ['hardly any', { load: 0.001, agents: 500 }, 1_000, 0, 0],
  ['none', { load: 0, agents: 500 }, 1_000, 0, 0],
])('erlangA() neither overflows nor cancels out: %s', (_, traffic, patience, waits, abandons) => {
  const found = erlangA({ ...traffic, handlingTime: 1_000 }, patience);
  expect(found.waits).toBeCloseTo(waits, 9);
  expect(found.abandons).toBeCloseTo(abandons, 9);
});

test('erlangA() refuses customers of no patience', () => {
  expect(() => erlangA({ load: 1, agents: 1, handlingTime: 1 }, 0)).toThrow(
    'The mean patience must be above 0 ms: it is 0',
  );
});
