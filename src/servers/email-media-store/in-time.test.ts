import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import { inTime } from './in-time.ts';

/** Work that may take ten seconds, and no more than three in silence. */
function begin() {
  const clock = new ManualClock();
  const abort = new AbortController();
  const work = Promise.withResolvers<string>();
  const seen = { heard: 0, cut: 0 };
  const result = inTime(work.promise, {
    clock,
    signal: abort.signal,
    most: seconds(10),
    silence: { most: seconds(3), heard: () => seen.heard },
    late: () => new Error('late'),
    cut: () => seen.cut++,
  }).catch(String);
  return { clock, abort, work, seen, result };
}

test('inTime() gives what the work gives, and lets go of it', async () => {
  const wait = begin();
  wait.work.resolve('done');
  expect(await wait.result).toBe('done');
  wait.clock.advance(seconds(60));
  wait.abort.abort();
  expect(wait.seen.cut).toBe(0);
});

test('inTime() waits no longer than it may, however much is heard', async () => {
  const wait = begin();
  for (let second = 0; second < 10; second++) {
    wait.seen.heard++;
    wait.clock.advance(seconds(1));
  }
  expect(await wait.result).toBe('Error: late');
  expect(wait.seen.cut).toBe(1);
});

test('inTime() ends with silence', async () => {
  const wait = begin();
  wait.seen.heard++;
  wait.clock.advance(seconds(5));
  expect(wait.seen.cut).toBe(0);
  wait.clock.advance(seconds(1));
  expect(await wait.result).toBe('Error: late');
});

test('inTime() ends with the signal, also one that was aborted before', async () => {
  const wait = begin();
  wait.abort.abort(new Error('enough'));
  expect(await wait.result).toBe('Error: enough');
  expect(wait.seen.cut).toBe(1);
  wait.work.reject(new Error('nobody waits for this'));
  const clock = new ManualClock();
  const never = Promise.withResolvers<never>().promise;
  const late = (): Error => new Error('late');
  const signal = AbortSignal.abort(new Error('before'));
  await expect(inTime(never, { clock, signal, most: 1, late, cut: late })).rejects.toThrow(
    'before',
  );
});
