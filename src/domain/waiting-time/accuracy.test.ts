/** Estimates against queues that are simulated: how many customers wait within what they would be told. */
import { expect, test } from 'vitest';
import { byHeadOfLine, byQueueLength, type Estimator } from './estimate.ts';
import { paceAfter, type Pace } from './pace.ts';

/** A queue of customers who come at random and agents who take at random as long. */
interface Setting {
  readonly agents: number;
  /** Contacts that come per agent in the mean time that one takes. */
  readonly load: number;
  /** How long customers wait at most on average, in mean contacts; nothing: for ever. */
  readonly patience?: number;
}

const MEAN_CONTACT = 180_000;

interface Customer {
  readonly cameAt: number;
  readonly leavesAt: number;
  readonly told: { readonly least: number; readonly most: number } | undefined;
}

/** The share of answers within the interval, the mean interval, and the mean of what was waited. */
function score(estimator: Estimator, { agents, load, patience }: Setting, answers: number) {
  const random = randomFrom(1);
  const exponential = (mean: number): number => -Math.log(1 - random()) * mean;
  const busyUntil = Array.from({ length: agents }, () => 0);
  const line: Customer[] = [];
  let pace: Pace | undefined;
  const sums = { scored: 0, inside: 0, error: 0, waited: 0 };
  let nextArrival = 0;
  let at = 0;

  const answer = (customer: Customer, agent: number): void => {
    busyUntil[agent] = at + exponential(MEAN_CONTACT);
    const wait = at - customer.cameAt;
    pace = paceAfter(pace, { at, queuedAt: customer.cameAt });
    const { told } = customer;
    if (!told) return;
    sums.scored++;
    sums.waited += wait;
    sums.error += Math.abs(wait - (told.least + told.most) / 2);
    if (told.least <= wait && wait <= told.most) sums.inside++;
  };
  while (sums.scored < answers) {
    const free = busyUntil.indexOf(Math.min(...busyUntil));
    const freeAt = busyUntil[free] ?? 0;
    while (line[0] && line[0].leavesAt < Math.min(freeAt, nextArrival)) line.shift();
    const first = line[0];
    if (first && freeAt <= nextArrival) {
      at = freeAt;
      line.shift();
      answer(first, free);
      continue;
    }
    at = nextArrival;
    nextArrival = at + exponential(MEAN_CONTACT / (agents * load));
    const leavesAt = patience === undefined ? Infinity : at + exponential(patience * MEAN_CONTACT);
    const present = line.filter((c) => c.leavesAt >= at);
    line.splice(0, line.length, ...present);
    const isFree = freeAt <= at;
    const now = {
      at,
      pace,
      ahead: line.length,
      waited: 0,
      headWaited: line[0] && at - line[0].cameAt,
    };
    const customer = { cameAt: at, leavesAt, told: isFree ? undefined : estimator(now) };
    if (isFree) answer(customer, free);
    else line.push(customer);
  }
  const { scored, inside, error, waited } = sums;
  return { inside: inside / scored, error: error / scored, waited: waited / scored };
}

/** The same numbers every time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SETTINGS: readonly Setting[] = [
  { agents: 2, load: 0.8 },
  { agents: 10, load: 0.9 },
  { agents: 50, load: 0.95 },
  { agents: 50, load: 0.98 },
  { agents: 10, load: 1.2, patience: 1 },
  { agents: 50, load: 1.1, patience: 2 },
];
const ANSWERS = 20_000;

test.each(SETTINGS)(
  'three of four wait as the length of the queue says: $agents agents, load $load, patience $patience',
  (setting) => {
    const { inside, error, waited } = score(byQueueLength, setting, ANSWERS);
    expect(inside).toBeGreaterThan(0.75);
    expect(inside).toBeLessThan(0.9); // an interval that always holds says nothing
    expect(error).toBeLessThan(0.6 * waited);
  },
);

test.each(SETTINGS)(
  'seven of ten wait as the head of the line says: $agents agents, load $load, patience $patience',
  (setting) => {
    const { inside, error, waited } = score(byHeadOfLine, setting, ANSWERS);
    expect(inside).toBeGreaterThan(0.7);
    expect(inside).toBeLessThan(0.9);
    expect(error).toBeLessThan(0.6 * waited);
  },
);
