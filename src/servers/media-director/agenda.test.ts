import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock, type Clock } from '#base/time.ts';
import { Agenda } from './agenda.ts';

const START = 1_700_000_000_000;

function agenda(clock: Clock = new ManualClock(START)) {
  const done: string[] = [];
  const held: number[] = [];
  const kept = new Agenda<string>({
    clock,
    due: (what) => done.push(what),
    heldUp: (late) => held.push(late),
  });
  const set = (key: string, inMs: number, by: 'elapsed' | 'date' = 'elapsed') =>
    kept.set(key, [{ key, at: clock.now() + inMs, by, command: key }]);
  return { kept, done, held, set };
}

test('Agenda does everything in the order of its time, however it was put down, moved and struck out', () => {
  const change = fc.record({ key: fc.nat(30), at: fc.nat(1_000), strike: fc.boolean() });
  const property = fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
    const clock = new ManualClock(START);
    const { kept, done } = agenda(clock);
    const wanted = new Map<string, number>();
    for (const { key: number, at, strike } of changes) {
      const key = `k${number}`;
      if (strike) {
        kept.delete(key);
        wanted.delete(key);
      } else {
        kept.set(key, [{ key, at: START + at, by: 'elapsed', command: key }]);
        wanted.set(key, at);
      }
    }
    clock.advance(2_000);
    expect(done.toSorted()).toEqual([...wanted.keys()].toSorted());
    const times = done.map((key) => wanted.get(key) ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
  expect(() => fc.assert(property)).not.toThrow();
});

test('Agenda strikes out what a subject does not name any more, but for what stays', () => {
  const clock = new ManualClock(START);
  const { kept, done } = agenda(clock);
  const one = (key: string, inMs: number, stays = false) =>
    ({ key, at: START + inMs, by: 'elapsed', stays, command: key }) as const;
  kept.set('item', [one('offer', 20), one('level', 40), one('rest', 30, true)]);
  kept.set('item', [one('level', 50)]);
  clock.advance(49);
  expect(done).toEqual(['rest']);
  kept.set('item', []);
  expect(kept.has('item')).toBe(false);
  clock.advance(100);
  expect(done).toEqual(['rest']);
});

test('Agenda does what is due at the same time in the order in which it was put down', () => {
  const clock = new ManualClock(START);
  const { done, set } = agenda(clock);
  set('late', 40_000);
  set('date', 40_000, 'date');
  set('a', 40_000);
  clock.advance(39_990);
  set('b', 10);
  set('late', 10); // for the same time as before: it keeps its place
  clock.advance(10);
  expect(done).toEqual(['late', 'a', 'b', 'date']);
});

test('Agenda counts elapsed time whatever is done to the wall clock', () => {
  const clock = new ManualClock(START);
  const { done, set } = agenda(clock);
  set('offer', 20_000);
  clock.jump(START + 86_400_000);
  clock.advance(19_999);
  expect(done).toEqual([]);
  clock.jump(START - 86_400_000);
  clock.advance(1);
  expect(done).toEqual(['offer']);
});

test('Agenda follows the wall clock for dates, within ten seconds of its being set', () => {
  const clock = new ManualClock(START);
  const { done, set } = agenda(clock);
  set('follow-up', 3_600_000, 'date');
  clock.advance(60_000);
  expect(done).toEqual([]);
  clock.jump(START + 3_600_000);
  clock.advance(10_000);
  expect(done).toEqual(['follow-up']);
});

test('Agenda lets dates wait as long as a wall clock says that was set back', () => {
  const clock = new ManualClock(START);
  const { done, set } = agenda(clock);
  set('passed', 100, 'date');
  clock.advance(100);
  clock.jump(START - 3_600_000);
  set('soon', 60_000, 'date');
  clock.advance(59_999);
  expect(done).toEqual(['passed']);
  clock.advance(1);
  expect(done).toEqual(['passed', 'soon']);
});

test('Agenda puts off what fell due while the process stood still, so that answers are read first', () => {
  const stopped = new (class extends ManualClock {
    stoodStill = 0;
    override monotonic(): number {
      return super.monotonic() + this.stoodStill;
    }
  })(START);
  const { done, held, set } = agenda(stopped);
  set('offer', 20_000);
  stopped.advance(19_999);
  stopped.stoodStill = 30_000;
  stopped.advance(1);
  expect(done).toEqual([]);
  expect(held).toEqual([30_000]);
  stopped.advance(500);
  expect(done).toEqual(['offer']);
});

test('Agenda does nothing more once it is disposed', () => {
  const clock = new ManualClock(START);
  const { kept, done, set } = agenda(clock);
  set('offer', 10);
  kept[Symbol.dispose]();
  set('another', 10);
  clock.advance(100);
  expect(done).toEqual([]);
});
