import { expect, test } from 'vitest';
import { ManualClock } from '#base/time.ts';
import { KeptOpen } from './kept-open.ts';

/** What happens to something that takes a turn of the event loop to open and to close. */
function keep(fails: readonly boolean[] = []) {
  const clock = new ManualClock();
  const happened: string[] = [];
  const left = [...fails];
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const kept = new KeptOpen({
    clock,
    async open() {
      await turn();
      if (left.shift()) throw new Error('taken');
      return {
        async [Symbol.asyncDispose]() {
          await turn();
          happened.push('closed');
        },
      };
    },
    opened: () => void happened.push('opened'),
    failed: (error) => void happened.push(String(error)),
  });
  const pass = async (): Promise<void> => {
    for (let n = 0; n < 10; n++) await turn();
  };
  return { kept, clock, happened, pass };
}

test('KeptOpen follows the last word, however fast it changes', async () => {
  const { kept, happened, pass } = keep();
  kept.want(false);
  await pass();
  expect(happened).toEqual([]);
  kept.want(true);
  kept.want(false);
  kept.want(true);
  await pass();
  expect(happened).toEqual(['opened']);
  kept.want(false);
  kept.want(true);
  await pass();
  expect(happened).toEqual(['opened', 'closed', 'opened']);
  await kept[Symbol.asyncDispose]();
  kept.want(true);
  await pass();
  expect(happened).toEqual(['opened', 'closed', 'opened', 'closed']);
});

test('KeptOpen tries again what could not be opened', async () => {
  const { kept, clock, happened, pass } = keep([true, true]);
  kept.want(true);
  for (let n = 0; n < 3; n++) {
    await pass();
    clock.advance(250);
  }
  expect(happened).toEqual(['Error: taken', 'Error: taken', 'opened']);
  await kept[Symbol.asyncDispose]();
});
