import { expect, test } from 'vitest';
import { systemClock } from '#base/time.ts';
import { openHealthBoard } from '#platform/health/health-board.ts';
import type { HealthBoard, HealthState } from '#platform/health/health-board.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { openDatabaseProxy } from '../../../test/doubles/database-proxy.ts';
import { DatabaseGoneError } from './database.ts';
import { openProcessDatabase } from './process-database.ts';
import { testDatabase } from './testing.ts';

const trace: Trace = { debug() {}, info() {}, warning() {}, fault() {} };

/** Resolves once the component is in that state. */
async function becomes(board: HealthBoard, state: HealthState): Promise<void> {
  const seen = Promise.withResolvers<void>();
  const listener = board.onChange((changed) => {
    if (changed.state === state) seen.resolve();
  });
  await seen.promise;
  listener[Symbol.dispose]();
}

test('openFor() waits until somebody says where the server is, and gives all the same pool', async () => {
  await using target = await testDatabase();
  let asked = 0;
  await using database = openProcessDatabase({
    url: () => (++asked < 3 ? undefined : target.url),
    connections: 2,
    clock: systemClock,
    trace,
    signal: new AbortController().signal,
  });
  const board = openHealthBoard(systemClock);
  const [first, second] = await Promise.all([
    database.openFor(board.of('media-director')),
    database.openFor(board.of('ids-multimedia')),
  ]);
  expect(first).toBe(second);
  expect(await first.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
});

test('openFor() gives up with its signal', async () => {
  const stop = new AbortController();
  await using database = openProcessDatabase({
    url: () => undefined,
    connections: 2,
    clock: systemClock,
    trace,
    signal: stop.signal,
  });
  const opening = database.openFor(openHealthBoard(systemClock).of('media-director'));
  stop.abort();
  await expect(opening).rejects.toThrow(DatabaseGoneError);
});

test('openFor() keeps telling the health of its component whether the server answers', async () => {
  await using target = await testDatabase();
  await using proxy = await openDatabaseProxy(target.url);
  await using database = openProcessDatabase({
    url: () => proxy.url,
    connections: 2,
    clock: systemClock,
    trace,
    signal: new AbortController().signal,
  });
  const board = openHealthBoard(systemClock);
  await database.openFor(board.of('media-director'));
  proxy.cut();
  await becomes(board, 'bad');
  expect(board.components()).toMatchObject([
    {
      component: 'media-director',
      state: 'bad',
      parts: [
        {
          part: 'database',
          detail: expect.stringMatching(/does not answer .*; see that it runs$/),
        },
      ],
    },
  ]);
  proxy.restore();
  await becomes(board, 'good');
});
