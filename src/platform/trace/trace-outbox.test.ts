import { expect, test } from 'vitest';
import type { TraceEntry } from './trace.ts';
import type { TraceOutbox } from './trace-outbox.ts';
import { makeTraceOutbox } from './trace-outbox.ts';

const entry = (event: string): TraceEntry => ({
  at: 0,
  component: 'media-director',
  instance: 'i1',
  level: 'info',
  event,
});

async function sent(outbox: TraceOutbox, since: number, count: number): Promise<unknown[]> {
  const stop = new AbortController();
  const items: unknown[] = [];
  for await (const { n, event } of outbox.dialer.events(since, stop.signal)) {
    items.push([n, event]);
    if (items.length === count) stop.abort();
  }
  return items;
}

test('TraceOutbox sends what it holds, then what comes, and again what was not acknowledged', async () => {
  const outbox = makeTraceOutbox('i1');
  outbox.take([entry('a'), entry('b')]);
  const reading = sent(outbox, 0, 3);
  await Promise.resolve();
  outbox.take([entry('c')]);
  expect(await reading).toEqual([
    [1, entry('a')],
    [2, entry('b')],
    [3, entry('c')],
  ]);
  outbox.dialer.acknowledged?.(2);
  expect(await sent(outbox, 2, 1)).toEqual([[3, entry('c')]]);
});

test('TraceOutbox counts what does not fit, and sends the count once there is room', async () => {
  const outbox = makeTraceOutbox('i1', 2);
  outbox.take(['a', 'b', 'lost', 'lost'].map(entry));
  outbox.dialer.acknowledged?.(2);
  outbox.take([entry('c')]);
  expect(outbox.dropped).toBe(2);
  expect(await sent(outbox, 2, 2)).toEqual([
    [3, { ...entry('trace.dropped'), level: 'warning', detail: { count: 2 } }],
    [4, entry('c')],
  ]);
});
