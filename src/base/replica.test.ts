import { expect, test } from 'vitest';
import { Replica } from './replica.ts';
import { ManualClock } from './time.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('Replica takes every event once and in order, though the stream breaks, and says when it is loaded', async () => {
  const clock = new ManualClock();
  const taken: number[] = [];
  const failures: string[] = [];
  let ups = 0;
  const replica = new Replica<number>({
    clock,
    upTo: async () => 3,
    async *follow(since) {
      for (let cursor = since + 1; cursor <= 4; cursor++) {
        yield { event: cursor * 10, cursor };
        if (cursor === 2) throw new Error('broke');
      }
      await new Promise(() => undefined);
    },
    take: (event) => taken.push(event),
    up: () => ups++,
    failed: (error) => failures.push(String(error)),
  });
  let isLoaded = false;
  const never = new AbortController().signal;
  const loaded = replica.loaded(never).then(() => (isLoaded = true));
  await turn();
  expect([taken, isLoaded, failures]).toEqual([[10, 20], false, ['Error: broke']]);
  clock.advance(250);
  await loaded;
  await turn();
  expect([taken, ups]).toEqual([[10, 20, 30, 40], 2]);
});

test('Replica.loaded() gives up with its signal', async () => {
  await using replica = new Replica<number>({
    clock: new ManualClock(),
    upTo: (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('ended')));
      }),
    follow: async function* () {},
    take: () => undefined,
    up: () => undefined,
    failed: () => undefined,
  });
  const life = new AbortController();
  const waiting = replica.loaded(life.signal);
  life.abort();
  expect(await waiting).toBeUndefined();
});
