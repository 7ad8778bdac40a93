import { expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import { traceRefusals } from './refusals.ts';

test('traceRefusals() tells each reason once a minute, and how often it was meanwhile', () => {
  const clock = new ManualClock();
  const told: unknown[] = [];
  const quiet = (): void => undefined;
  const warning = (_event: string, detail?: object): void => void told.push(detail);
  const refused = traceRefusals('config', clock, {
    debug: quiet,
    info: quiet,
    fault: quiet,
    warning,
  });
  for (let n = 0; n < 100; n++) refused('a wrong host name');
  refused('no upgrade');
  clock.advance(seconds(60));
  refused('a wrong host name');
  expect(told).toEqual([
    { row: 'config', reason: 'a wrong host name' },
    { row: 'config', reason: 'no upgrade' },
    { row: 'config', reason: 'a wrong host name', before: 99 },
  ]);
});
