import { expect, test } from 'vitest';
import { ChangeWaits } from './change-waits.ts';
import { ManualClock, seconds } from './time.ts';

test('wait() ends with the next change, or when it has waited long enough', async () => {
  const clock = new ManualClock(0);
  const waits = new ChangeWaits<string>(clock);
  const ended: string[] = [];
  const first = waits.wait('a', seconds(1)).then(() => ended.push('a'));
  const second = waits.wait('b', seconds(1)).then(() => ended.push('b'));
  waits.changed('a');
  waits.changed('nobody waits for this');
  await first;
  expect(ended).toEqual(['a']);
  clock.advance(seconds(1));
  await second;
  expect(ended).toEqual(['a', 'b']);
});
