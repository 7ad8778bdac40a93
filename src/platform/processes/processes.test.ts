import { expect, test } from 'vitest';
import { minutes } from '#base/time.ts';
import { restartAfterCrash } from './restart-delay.ts';
import { inRoom, roomOf } from './rooms.ts';

test('restartAfterCrash() doubles the wait up to 30 s, and starts over after a minute of running', () => {
  const delays: number[] = [];
  let crashes = 0;
  for (let crash = 0; crash < 12; crash++) {
    const restart = restartAfterCrash(crashes, 10);
    delays.push(restart.delay);
    ({ crashes } = restart);
  }
  expect(delays).toEqual([
    100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000,
  ]);
  expect(restartAfterCrash(crashes, minutes(1))).toEqual({ crashes: 1, delay: 100 });
});

test('roomOf() prefers the file that threw to the room that ran', () => {
  const error = new Error('x');
  error.stack = 'Error: x\n    at f (file:///emcee/src/servers/ids-view/server.ts:1:1)';
  expect(inRoom('media-director', () => roomOf(error))).toBe('ids-view');
  expect(inRoom('media-director', () => roomOf(new Error('y')))).toBe('media-director');
  expect(roomOf('text')).toBeUndefined();
});
