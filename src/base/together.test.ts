import { expect, test } from 'vitest';
import { Together } from './together.ts';

test('Together does for many at once what comes while it is busy', async () => {
  const done: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const together = new Together<number>(async (all) => {
    done.push(all);
    await new Promise<void>((resolve) => gates.push(resolve));
  });
  const first = together.add(1);
  await Promise.resolve();
  await Promise.resolve();
  const others = [together.add(2), together.add(3)];
  gates.shift()?.();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  gates.shift()?.();
  await Promise.all(others);
  expect(done).toEqual([[1], [2, 3]]);
});

test('Together fails for those it failed for, and goes on with the next', async () => {
  const together = new Together<number>(async (all) => {
    if (all.includes(1)) throw new Error('It cannot be done');
  });
  await expect(together.add(1)).rejects.toThrow('It cannot be done');
  await expect(together.add(2)).resolves.toBeUndefined();
});
