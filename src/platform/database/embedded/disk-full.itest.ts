import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { skipOrFail } from '../../../../test/servers/skip-or-fail.ts';
import { openDatabase } from '../pool.ts';
import { startEmbeddedPostgresql } from './embedded.ts';

const NO_DISK = 'only root may mount a small disk to fill';

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

/** A disk of its own, which can be filled without hurting anybody; nothing where we may not mount one. */
async function smallDisk(
  mebibytes: number,
): Promise<({ path: string } & AsyncDisposable) | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'emcee-test-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path], {
      stdio: 'pipe',
    });
  } catch {
    await rm(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      execFileSync('/bin/umount', [path]);
      await rm(path, { recursive: true });
    },
  };
}

/** Writes until nothing more fits. */
async function fill(path: string): Promise<string> {
  const file = join(path, 'ballast');
  const chunk = Buffer.alloc(64 * 1024);
  await vi
    .waitFor(
      async () => {
        for (;;) await writeFile(file, chunk, { flag: 'a' });
      },
      { timeout: 10 },
    )
    .catch(() => undefined);
  return file;
}

test('startEmbeddedPostgresql() says that the disk is full, and works once there is room', async (context) => {
  await using disk = await smallDisk(100);
  if (!disk) skipOrFail(context, NO_DISK);
  const ballast = await fill(disk.path);
  const start = () =>
    startEmbeddedPostgresql({ directory: join(disk.path, 'database'), trace: silent });
  await expect(start()).rejects.toThrow(/^Cannot .* the disk (that holds it )?is full$/);
  await truncate(ballast);
  await (await start())[Symbol.asyncDispose]();
});

test('a disk that fills up under load loses nothing acknowledged, and everything resumes', async (context) => {
  await using disk = await smallDisk(120);
  if (!disk) skipOrFail(context, NO_DISK);
  const details: string[] = [];
  await using server = await startEmbeddedPostgresql({
    directory: join(disk.path, 'database'),
    trace: silent,
    onState: (_, detail) => details.push(detail),
  });
  await using database = await openDatabase({ url: server.url, name: 'test' });
  await prepareJournal(database, 'shop');
  await using journal = await openJournal<never, { text: string }>(database, {
    schema: 'shop',
    stream: 's',
    write: () => Promise.resolve(),
  });
  const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(3_000))).toString('base64');
  let acknowledged = 0;
  const stop = new AbortController();
  const producers = Array.from({ length: 16 }, async () => {
    while (!stop.signal.aborted) {
      const [event] = await journal.append({
        changes: [],
        events: [{ at: Date.now(), body: { text: noise() } }],
      });
      acknowledged = Math.max(acknowledged, event?.position ?? 0);
    }
  });
  await vi.waitFor(() => expect(acknowledged).toBeGreaterThan(1_000), 10_000);
  const ballast = await fill(disk.path);
  const stillness = async (): Promise<void> => {
    const before = acknowledged;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(acknowledged).toBe(before);
  };
  await vi.waitFor(stillness, { timeout: 20_000, interval: 10 });
  const stuckAt = acknowledged;
  await truncate(ballast);
  await vi.waitFor(() => expect(acknowledged).toBeGreaterThan(stuckAt + 100), 20_000);
  stop.abort();
  await Promise.all(producers);
  expect(
    await database.query({
      text: `select count(*) as events, max(position) as last from shop.journal`,
    }),
  ).toEqual([{ events: acknowledged, last: acknowledged }]);
  // PostgreSQL may refuse statements or stop: if it stopped, the administrator was told why.
  expect(details.filter((detail) => detail.includes('stopped')).toSorted()[0] ?? 'full').toContain(
    'full',
  );
});
