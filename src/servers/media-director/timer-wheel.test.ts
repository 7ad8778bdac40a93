import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { days } from '#base/time.ts';
import { TimerWheel, type Timer } from './timer-wheel.ts';

const START = 1_700_000_000_000;

/** What a wheel must do, by sorting all of it whenever it is asked. */
class Oracle {
  #all: { readonly due: number; readonly what: number }[] = [];
  #now = START;

  put(due: number, what: number): void {
    this.#all.push({ due: Math.max(due, this.#now), what });
  }

  cancel(what: number): void {
    this.#all = this.#all.filter((one) => one.what !== what);
  }

  get first(): number {
    return Math.min(...this.#all.map(({ due }) => due));
  }

  takeUntil(now: number): number[] {
    const taken = this.#all.filter(({ due }) => due <= now).toSorted((a, b) => a.due - b.due);
    this.#all = this.#all.filter(({ due }) => due > now);
    this.#now = Math.max(this.#now, now);
    return taken.map(({ what }) => what);
  }

  setBack(now: number): void {
    this.#now = Math.min(this.#now, now);
  }
}

const delay = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -5, max: 70 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: days(4_000) }) },
);
const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('put' as const), delay }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('cancel' as const), which: fc.nat(1_000) }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('pass' as const), delay }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('set-back' as const), by: fc.nat(days(2)) }),
  },
);

test('TimerWheel takes out what a sorted list takes out, in the same order, whatever is put in and cancelled', () => {
  const property = fc.property(fc.array(deed, { maxLength: 300 }), (deeds) => {
    const wheel = new TimerWheel<number>(START);
    const oracle = new Oracle();
    const timers: Timer<number>[] = [];
    const taken: { readonly is: readonly number[]; readonly wanted: readonly number[] }[] = [];
    let now = START;
    for (const each of deeds) {
      if (each.type === 'put') {
        oracle.put(now + each.delay, timers.length);
        timers.push(wheel.put(now + each.delay, timers.length));
      } else if (each.type === 'cancel') {
        const timer = timers[each.which % Math.max(timers.length, 1)];
        if (!timer) continue;
        wheel.cancel(timer);
        oracle.cancel(timer.what);
      } else if (each.type === 'pass') {
        now += Math.max(each.delay, 0);
        taken.push({ is: wheel.takeUntil(now), wanted: oracle.takeUntil(now) });
      } else {
        now -= each.by;
        wheel.setBack(now);
        oracle.setBack(now);
      }
      expect(wheel.next).toBeLessThanOrEqual(oracle.first);
    }
    taken.push({ is: wheel.takeUntil(Infinity), wanted: oracle.takeUntil(Infinity) });
    expect(taken.map(({ is }) => is)).toEqual(taken.map(({ wanted }) => wanted));
    expect(wheel.next).toBe(Infinity);
  });
  expect(() => fc.assert(property, { numRuns: 300 })).not.toThrow();
});

test('TimerWheel knows the very millisecond once it is near, whatever stands behind it', () => {
  const wheel = new TimerWheel<string>(START);
  for (const [at, what] of [
    [20_000, 'offer'],
    [20_001, 'another'],
    [days(3), 'follow-up'],
  ] as const) {
    wheel.put(START + at, what);
  }
  let wakes = 0;
  const done: [number, string][] = [];
  while (wheel.next < Infinity) {
    const at = wheel.next;
    wakes++;
    for (const what of wheel.takeUntil(at)) done.push([at - START, what]);
  }
  expect(done).toEqual([
    [20_000, 'offer'],
    [20_001, 'another'],
    [days(3), 'follow-up'],
  ]);
  expect(wakes).toBeLessThan(20);
});
