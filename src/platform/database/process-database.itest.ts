import { expect, test } from 'vitest';
import { ManualClock, seconds, systemClock } from '#base/time.ts';
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

test('openFor() tells the health of its component that the server answers but refuses to write', async () => {
  await using target = await testDatabase();
  const clock = new ManualClock();
  const warnings: string[] = [];
  await using database = openProcessDatabase({
    url: () => target.url,
    connections: 1,
    clock,
    trace: { ...trace, warning: (event) => void warnings.push(event) },
    signal: new AbortController().signal,
  });
  const board = openHealthBoard(clock);
  const pool = await database.openFor(board.of('media-director'));
  const refused = pool.transaction(async (tx) => {
    await tx.query({ text: 'set transaction read only' });
    await tx.query({ text: 'create table never ()' });
  });
  await expect(refused).rejects.toThrow(DatabaseGoneError);
  const bad = becomes(board, 'bad');
  clock.advance(seconds(5));
  await bad;
  expect(board.components()[0]?.parts).toMatchObject([
    {
      detail: expect.stringMatching(/^The database refuses to write \(.+\); make room on its disk/),
    },
  ]);
  expect(warnings).toEqual(['database.refuses']);
  const good = becomes(board, 'good');
  clock.advance(seconds(5));
  await good;
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
