import { mkdtemp, open, readFile, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeptEntry } from '../rules/kept-line.ts';
import { type OpenFile, TraceFiles } from './trace-files.ts';

const MIB = 1024 * 1024;
const keptBytes = 4 * MIB;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ttrace-'));
});
afterEach(() => rm(directory, { recursive: true }));

const entry = (n: number, filler = ''): KeptEntry => ({
  n,
  entry: {
    at: 1_000 + n,
    component: 'media-director',
    instance: 'one',
    level: 'info',
    event: 'work-item.offered',
    detail: { n, filler, word: 'grüß\nnext' },
  },
});
const range = (from: number, to: number, filler?: string): KeptEntry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => entry(from + i, filler));

async function numbers(files: TraceFiles, since = 0): Promise<number[]> {
  const read: number[] = [];
  for await (const { n } of files.read(since)) read.push(n);
  return read;
}

test('TraceFiles reads what was written, from any number, also after a restart', async () => {
  {
    await using files = await TraceFiles.open(directory, { keptBytes });
    await files.append(range(1, 5), 0);
    await files.append(range(6, 9), 0);
    expect(await numbers(files, 4)).toEqual([5, 6, 7, 8, 9]);
  }
  await using files = await TraceFiles.open(directory, { keptBytes });
  expect(files.last).toBe(9);
  await files.append([entry(10)], 0);
  const all: KeptEntry[] = [];
  for await (const kept of files.read(0)) all.push(kept);
  expect(all).toEqual(range(1, 10));
});

test('TraceFiles loses no whole line, however a killed program left the file', async () => {
  const written = range(1, 3);
  {
    await using files = await TraceFiles.open(directory, { keptBytes });
    await files.append(written, 0);
  }
  const [name = ''] = await readdir(directory);
  const path = join(directory, name);
  const bytes = await readFile(path);
  const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
  for (let cut = bytes.length; cut >= 0; cut -= 7) {
    await truncate(path, cut);
    await using files = await TraceFiles.open(directory, { keptBytes });
    const whole = ends.filter((end) => end <= cut).length;
    expect(await numbers(files)).toEqual(written.slice(0, whole).map(({ n }) => n));
    expect(files.last).toBe(whole);
  }
});

test('TraceFiles keeps within its bound; the oldest go first, and numbers go on', async () => {
  await using files = await TraceFiles.open(directory, { keptBytes });
  const filler = 'x'.repeat(1_000);
  for (let n = 1; n <= 10_000; n += 100) await files.append(range(n, n + 99, filler), n);
  const sizes = await Promise.all(
    (await readdir(directory)).map(async (name) => (await readFile(join(directory, name))).length),
  );
  const size = sizes.reduce((sum, one) => sum + one, 0);
  expect(size).toBeLessThanOrEqual(keptBytes);
  expect(size).toBeGreaterThan(keptBytes / 2);
  const left = await numbers(files);
  expect(left.at(-1)).toBe(10_000);
  expect(left).toEqual(range(left[0] ?? 0, 10_000).map(({ n }) => n));
});

test('disk full: the oldest file makes room; if that does not help nothing is half written', async () => {
  let room = 600_000;
  const small: OpenFile = async (path) => {
    await (await open(path, 'a')).close();
    const file = await open(path, 'r+');
    return {
      async write(buffer: Buffer, offset: number, length: number, position: number) {
        const size = (await file.stat()).size;
        const used = await usedBytes();
        const fits = Math.min(length, Math.max(0, room - used + Math.max(0, size - position)));
        if (fits === 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        return file.write(buffer, offset, fits, position);
      },
      truncate: (length: number) => file.truncate(length),
      close: () => file.close(),
    } as Awaited<ReturnType<OpenFile>>;
  };
  const usedBytes = async (): Promise<number> => {
    const names = await readdir(directory);
    const contents = await Promise.all(names.map((name) => readFile(join(directory, name))));
    return contents.reduce((sum, { length }) => sum + length, 0);
  };
  await using files = await TraceFiles.open(directory, { keptBytes, openFile: small });
  const filler = 'x'.repeat(1_000);
  for (let n = 1; n <= 1_000; n += 50) await files.append(range(n, n + 49, filler), n);
  expect((await numbers(files)).at(-1)).toBe(1_000);
  expect(await usedBytes()).toBeLessThanOrEqual(room);

  room = 0;
  await expect(files.append(range(1_001, 1_050, filler), 0)).rejects.toThrow('no space');
  room = 600_000;
  await files.append(range(1_051, 1_060), 0);
  const left = await numbers(files);
  expect(left.at(-1)).toBe(1_060);
  expect(left).not.toContain(1_001);
});
