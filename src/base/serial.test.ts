import { expect, test } from 'vitest';
import { Serial } from './serial.ts';

test('Serial runs work one after the other, also behind a failure', async () => {
  const serial = new Serial();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = serial.run(async () => {
    await gate.promise;
    done.push('first');
    throw new Error('broken');
  });
  const second = serial.run(async () => {
    done.push('second');
    return 2;
  });
  expect(done).toEqual([]);
  gate.resolve();
  await expect(first).rejects.toThrow('broken');
  expect(await second).toBe(2);
  expect(done).toEqual(['first', 'second']);
});
