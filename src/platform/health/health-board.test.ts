import { expect, test } from 'vitest';
import { ManualClock } from '#base/time.ts';
import type { ComponentHealth } from './health-board.ts';
import { openHealthBoard, worstOf } from './health-board.ts';
import { openProcessMetrics } from './process-metrics.ts';

test('components() rolls the worst part up, and keeps since when', () => {
  const clock = new ManualClock(1_000);
  const board = openHealthBoard(clock);
  const health = board.of('media-director');
  board.of('ids-view');
  health.report('database', 'good');
  clock.advance(500);
  health.report('database', 'bad', 'The database cannot be reached: start it');
  clock.advance(500);
  health.report('database', 'bad', 'Still not');
  health.report('journal', 'degraded', 'It waits for the database');
  expect(board.components()).toEqual([
    {
      component: 'media-director',
      state: 'bad',
      parts: [
        { part: 'database', state: 'bad', detail: 'Still not', since: 1_500 },
        { part: 'journal', state: 'degraded', detail: 'It waits for the database', since: 2_000 },
      ],
    },
    { component: 'ids-view', state: 'good', parts: [] },
  ]);
});

test('onChange() tells of changes only, until disposed', () => {
  const board = openHealthBoard(new ManualClock());
  const seen: ComponentHealth[] = [];
  const health = board.of('ids-view');
  const listener = board.onChange((changed) => seen.push(changed));
  health.report('stream', 'good');
  health.report('stream', 'good');
  health.report('stream', 'degraded', 'Behind by 5 s');
  listener[Symbol.dispose]();
  health.report('stream', 'good');
  expect(seen.map((each) => each.state)).toEqual(['good', 'degraded']);
});

test('worstOf() is good when there is nothing', () => {
  expect(worstOf([])).toBe('good');
  expect(worstOf(['degraded', 'good'])).toBe('degraded');
});

test('openProcessMetrics() shows the process and the health of its components', async () => {
  const board = openHealthBoard(new ManualClock());
  board.of('ids-view').report('stream', 'degraded', 'Behind');
  const text = await openProcessMetrics('i1', board).metrics();
  expect(text).toContain('emcee_health{component="ids-view",instance="i1"} 1');
  expect(text).toContain('process_cpu_user_seconds_total{instance="i1"}');
});
