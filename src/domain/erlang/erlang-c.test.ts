import { expect, test } from 'vitest';
import { minutes, seconds } from '#base/time.ts';
import { erlangC } from './erlang-c.ts';

const halfHour = minutes(30);

// M. Tanner, "The Erlang-C formula": 360 calls per half hour of 240 s.
test('erlangC() meets the worked example of 55 agents', () => {
  const traffic = { load: (360 * 240_000) / halfHour, agents: 55, handlingTime: seconds(240) };
  const { waits, meanWait } = erlangC(traffic);
  expect(waits.toFixed(3)).toBe('0.239');
  expect((meanWait / 1_000).toFixed(2)).toBe('8.18');
});

// B. Cleveland, "Call Center Management on Fast Forward": 250 calls per half hour of 210 s.
test.each([
  [30, 209],
  [31, 75],
  [32, 38],
  [33, 21],
  [34, 13],
  [35, 8],
  [36, 5],
])('erlangC() meets the staffing table: %i agents answer in %i s on average', (agents, answer) => {
  const traffic = { load: (250 * 210_000) / halfHour, agents, handlingTime: seconds(210) };
  expect(Math.round(erlangC(traffic).meanWait / 1_000)).toBe(answer);
});

// By hand: C(1, a) = a, C(2, a) = a² / (2 + a), C(3, a) = a³ / (6 + 4a + a²).
test.each([
  [1, 0.7, 0.7],
  [2, 1, 1 / 3],
  [2, 1.8, 3.24 / 3.8],
  [3, 2, 4 / 9],
])('erlangC() of %i agents and %f erlangs is what one finds by hand', (agents, load, waits) => {
  const found = erlangC({ load, agents, handlingTime: 1_000 });
  expect(found.waits).toBeCloseTo(waits, 14);
  expect(found.meanWait).toBeCloseTo((waits * 1_000) / (agents - load), 9);
});

test.each([
  [10, 8],
  [100, 93],
  [500, 485],
  [500, 499.9],
  [2_000, 1_980],
])('erlangC() of %i agents and %f erlangs is what whole numbers give', (agents, load) => {
  expect(erlangC({ load, agents, handlingTime: 1 }).waits).toBeCloseTo(exactly(load, agents), 12);
});

test('erlangC() of no load waits for nothing, and of too much without end', () => {
  expect(erlangC({ load: 0, agents: 3, handlingTime: 1 })).toEqual({ waits: 0, meanWait: 0 });
  const endless = { waits: 1, meanWait: Number.POSITIVE_INFINITY };
  expect(erlangC({ load: 3, agents: 3, handlingTime: 1 })).toEqual(endless);
  expect(erlangC({ load: 9, agents: 3, handlingTime: 1 })).toEqual(endless);
});

test.each([
  [{ load: -1, agents: 1, handlingTime: 1 }, 'The load must be 0 erlangs or more: it is -1'],
  [{ load: Number.NaN, agents: 1, handlingTime: 1 }, /The load/],
  [{ load: 1, agents: 0, handlingTime: 1 }, 'Agents must be a whole number, 1 or more: it is 0'],
  [{ load: 1, agents: 1.5, handlingTime: 1 }, /Agents/],
  [{ load: 1, agents: 2, handlingTime: 0 }, 'The mean handling time must be above 0 ms: it is 0'],
])('erlangC() refuses %o', (traffic, message) => {
  expect(() => erlangC(traffic)).toThrow(message);
});

/** The sum of the definition in whole numbers: C = aⁿ/n! · n/(n−a) ÷ (Σ aᵏ/k! + the same). */
function exactly(load: number, agents: number): number {
  const tenths = BigInt(Math.round(load * 10));
  const n = BigInt(agents);
  const digits = 10n ** 40n;
  let term = digits ** 20n; // aᵏ/k!, with more digits than anybody asks for
  let sum = 0n;
  for (let k = 0n; k < n; k++) {
    sum += term;
    term = (term * tenths) / (10n * (k + 1n));
  }
  const last = (term * n * 10n) / (n * 10n - tenths);
  return Number((last * digits) / (sum + last)) / Number(digits);
}
