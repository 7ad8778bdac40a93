import { expect, test } from 'vitest';
import { keepTrying } from './keep-trying.ts';
import { ManualClock } from './time.ts';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

test('keepTrying() repeats what fails after pauses that grow up to a bound', async () => {
  const clock = new ManualClock();
  const life = new AbortController();
  const starts: number[] = [];
  const failures: unknown[] = [];
  const running = keepTrying(
    () => {
      starts.push(clock.monotonic());
      return Promise.reject(new Error('away'));
    },
    {
      clock,
      signal: life.signal,
      failed: (error) => failures.push(error),
      firstPause: 100,
      longestPause: 400,
    },
  );
  for (let tick = 0; tick < 20; tick++) {
    await turns(10);
    clock.advance(100);
  }
  life.abort();
  await running;
  expect(starts).toEqual([0, 100, 300, 700, 1100, 1500, 1900]);
  expect(failures).toHaveLength(starts.length);
});

test('keepTrying() ends at once with its signal, and takes no failure of ending for one', async () => {
  const life = new AbortController();
  const failures: unknown[] = [];
  const running = keepTrying(
    async (signal) => {
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('ended')));
      });
    },
    { clock: new ManualClock(), signal: life.signal, failed: (error) => failures.push(error) },
  );
  life.abort();
  await running;
  expect(failures).toEqual([]);
});
