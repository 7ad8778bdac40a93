import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#base/time.ts';
import type { FeedRequest } from '#platform/lines/lines.ts';
import type { WireTraceEntry } from './contract.ts';
import { consoleFeed, dataFeed } from './feeds.ts';
import { TraceFiles } from './files/trace-files.ts';
import { traceListener } from './listener.ts';
import { traceMatcher } from './rules/trace-matcher.ts';
import { TraceStore } from './trace-store.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ttrace-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function openStore(openFile?: Parameters<typeof TraceFiles.open>[1]['openFile']) {
  const options = { keptBytes: 4 * 1024 * 1024, ...(openFile ? { openFile } : {}) };
  const files = await TraceFiles.open(directory, options);
  const reports: string[] = [];
  const lost: number[] = [];
  const store = new TraceStore(files, {
    clock: systemClock,
    health: { report: (part, state) => reports.push(`${part} ${state}`) },
    lost: (count) => lost.push(count),
  });
  return { store, reports, lost, [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() };
}

const entry = (at: number, more: Partial<WireTraceEntry> = {}): WireTraceEntry => ({
  at,
  component: 'media-director',
  instance: 'one',
  level: 'info',
  event: 'work-item.offered',
  ...more,
});
const all = () => true;
const request = (stream: string, filter: unknown, since?: number): FeedRequest => ({
  role: 'command-line',
  stream,
  since,
  filter,
  acknowledged: () => undefined,
});
async function take<T>(from: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  if (count === 0) return taken;
  for await (const one of from) {
    taken.push(one);
    if (taken.length === count) break;
  }
  return taken;
}

test('TraceStore tells a follower everything once, whether it reads files or keeps up', async () => {
  await using opened = await openStore();
  const { store } = opened;
  const filler = { filler: 'x'.repeat(5_000) };
  const entries = Array.from({ length: 2_500 }, (_, i) => entry(i, { detail: filler }));
  const reader = store.follow(0, all, new AbortController().signal);
  for (let i = 0; i < 500; i += 100) await store.add(entries.slice(i, i + 100));
  const early = await take({ [Symbol.asyncIterator]: () => reader }, 10);
  for (let i = 500; i < entries.length; i += 100) await store.add(entries.slice(i, i + 100));
  // More than memory holds and less than the files do: the second reader must read both.
  const late = store.follow(2_000, all, new AbortController().signal);
  const rest = await take(late, 500);
  expect(early.map(({ n }) => n)).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
  expect(rest.map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, i) => i + 2_001));
});

test('the console begins now, or with the last few that fit, and narrows by level, component and text', async () => {
  await using opened = await openStore();
  const { store } = opened;
  await store.add([
    entry(1, { level: 'fault', cause: 'Connection REFUSED' }),
    entry(2, { component: 'ids-view' }),
    entry(3, { level: 'warning', detail: { queue: 'sales' } }),
  ]);
  const { signal } = new AbortController();
  const numbers = async (filter: unknown, count: number, since?: number) =>
    (await take(consoleFeed(store).follow(request('console', filter, since), signal), count)).map(
      ({ n }) => n,
    );
  expect(await numbers({ last: 2 }, 2)).toEqual([2, 3]);
  expect(await numbers({ last: 9, level: 'warning' }, 2)).toEqual([1, 3]);
  expect(await numbers({ last: 9, components: ['ids-view'] }, 1)).toEqual([2]);
  expect(await numbers({ last: 9, text: 'refused' }, 1)).toEqual([1]);
  expect(await numbers({ last: 9, text: 'SALES' }, 1)).toEqual([3]);
  expect(await numbers(undefined, 2, 1)).toEqual([2, 3]);
  const live = numbers({}, 1);
  await new Promise((done) => setTimeout(done, 20));
  await store.add([entry(4)]);
  expect(await live).toEqual([4]);
  await expect(numbers({ level: 'loud' }, 1)).rejects.toMatchObject({ code: 'bad-filter' });
  await expect(
    take(consoleFeed(store).follow(request('other', {}), signal), 1),
  ).rejects.toMatchObject({ code: 'unknown-stream' });
});

test('the data feed hands out a time range and ends, also behind a restart', async () => {
  const now = Date.now();
  {
    await using opened = await openStore();
    await opened.store.add([1, 2, 3, 4].map((second) => entry(now + second * 1_000)));
  }
  await using opened = await openStore();
  await opened.store.add([entry(now + 2_500)]);
  const filter = { from: now + 2_000, to: now + 4_000 };
  const read = await take(
    dataFeed(opened.store).follow(request('data', filter), new AbortController().signal),
    Infinity,
  );
  expect(read.map(({ n }) => n)).toEqual([2, 3, 5]);
});

test('disk full: entries are told and counted as lost, and health says so until there is room', async () => {
  let isFull = true;
  await using opened = await openStore(async (path) => {
    if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    return open(path, 'w');
  });
  const { store, reports, lost } = opened;
  const reader = store.follow(0, all, new AbortController().signal);
  const next = reader.next();
  await store.add([entry(1)]);
  expect((await next).value).toMatchObject({ n: 1 });
  expect(lost).toEqual([1]);
  expect(reports).toEqual(['files bad']);
  isFull = false;
  await store.add([entry(2)]);
  expect(reports).toEqual(['files bad', 'files good']);
  expect((await reader.next()).value).toMatchObject({ n: 2 });
});

test('the listener goes on where an instance was, and refuses what is no trace entry', async () => {
  await using opened = await openStore();
  const listener = traceListener(opened.store);
  const hello = { role: 'media-director', stream: 'trace.one' };
  const session = await listener.open(hello);
  expect(session.resume).toBe(0);
  const batch = [7, 8].map((n) => ({ n, event: entry(n) }));
  expect(await session.take(batch)).toBe(8);
  const bad = [...batch, { n: 9, event: { level: 'info' } }];
  await expect(session.take(bad)).rejects.toMatchObject({ code: 'bad-record', data: { n: 9 } });
  expect(opened.store.newest).toBe(2);
  expect((await listener.open(hello)).resume).toBe(8);
  await expect(listener.open({ ...hello, stream: 'other' })).rejects.toMatchObject({
    code: 'unknown-stream',
  });
});

test.each([
  [{ level: 'debug' as const }, true],
  [{ level: 'warning' as const }, true],
  [{ level: 'fault' as const }, false],
  [{ level: 'debug' as const, components: [] }, false],
  [{ level: 'debug' as const, text: 'nothing of the kind' }, false],
])('traceMatcher() with %o says %s of a warning', (filter, expected) => {
  expect(traceMatcher(filter)(entry(0, { level: 'warning' }))).toBe(expected);
});
