import { expect, test } from 'vitest';
import { inBatches } from './in-batches.ts';
import { ManualClock } from './time.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function numbers() {
  const waiting: number[] = [];
  let wake = (): void => undefined;
  let failure: Error | undefined;
  let asked = 0;
  let signal: AbortSignal | undefined;
  return {
    push(...more: number[]) {
      waiting.push(...more);
      wake();
    },
    fail(error: Error) {
      failure = error;
      wake();
    },
    /** How many have been read. */
    get asked() {
      return asked;
    },
    get isClosed() {
      return signal?.aborted;
    },
    async *open(given: AbortSignal) {
      signal = given;
      given.addEventListener('abort', () => wake());
      while (!given.aborted) {
        const next = waiting.shift();
        if (next !== undefined) {
          asked++;
          yield next;
        } else if (failure) throw failure;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

function read(source: ReturnType<typeof numbers>, options: { most?: number; apart?: number } = {}) {
  const clock = new ManualClock();
  const { signal } = new AbortController();
  const { most = 100, apart = 0 } = options;
  return { clock, batches: inBatches((s) => source.open(s), { clock, signal, most, apart }) };
}

test('inBatches() gives what has gathered while the batch before was worked on', async () => {
  const source = numbers();
  const { batches } = read(source);
  source.push(1);
  expect(await batches.next()).toEqual({ done: false, value: [1] });
  source.push(2, 3, 4);
  await settled();
  expect(await batches.next()).toEqual({ done: false, value: [2, 3, 4] });
  await batches.return();
});

test('inBatches() reads no further ahead than one batch', async () => {
  const source = numbers();
  const { batches } = read(source, { most: 3 });
  source.push(1, 2, 3, 4, 5);
  const first = batches.next();
  await settled();
  expect([await first, await batches.next()].map(({ value }) => value)).toEqual([[1], [2, 3, 4]]);
  await settled();
  expect(source.asked).toBe(5);
  source.push(6, 7, 8, 9);
  await settled();
  expect(source.asked).toBe(7);
  await batches.return();
});

test('inBatches() keeps batches apart, and lets the first come at once', async () => {
  const source = numbers();
  const { clock, batches } = read(source, { apart: 50 });
  source.push(1);
  expect((await batches.next()).value).toEqual([1]);
  source.push(2);
  const next = batches.next();
  await settled();
  source.push(3);
  await settled();
  clock.advance(50);
  expect((await next).value).toEqual([2, 3]);
  await batches.return();
});

test('inBatches() gives what came before a failure, then fails with it', async () => {
  const source = numbers();
  const { batches } = read(source);
  source.push(1, 2);
  source.fail(new Error('The stream broke'));
  await settled();
  expect((await batches.next()).value).toEqual([1]);
  expect((await batches.next()).value).toEqual([2]);
  await expect(batches.next()).rejects.toThrow('The stream broke');
});

test('inBatches() closes what it reads when nobody wants more', async () => {
  const source = numbers();
  const { batches } = read(source);
  source.push(1);
  for await (const batch of batches) {
    expect(batch).toEqual([1]);
    break;
  }
  expect(source.isClosed).toBe(true);
});
