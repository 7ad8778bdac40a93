/** Nothing acknowledged is lost, doubled or out of order, whichever process is killed in the middle. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { prepareJournal } from './prepare-journal.ts';
import type { ChildProcess } from 'node:child_process';
import type { Database } from '#platform/database/database.ts';

const silent = { debug() {}, info() {}, warning() {}, fault() {} };
const WRITER = fileURLToPath(new URL('../../../test/doubles/journal-writer.ts', import.meta.url));
const ROUNDS = process.env['EMCEE_SOAK'] ? 50 : 4;

/** Runs the writer and collects what it acknowledges. */
function startWriter(url: string): {
  child: ChildProcess;
  acknowledged: Set<number>;
  ended: Promise<unknown>;
} {
  const child = spawn(process.execPath, [WRITER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged = new Set<number>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) acknowledged.add(Number(line));
  });
  return { child, acknowledged, ended: once(child, 'close') };
}

/** Resolves once more than `count` are acknowledged. */
const untilBeyond = (acknowledged: ReadonlySet<number>, count: number): Promise<void> =>
  vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(count), 20_000);

/** Reads the stream and checks that it has no gap and that its changes are those of its events. */
async function readPositions(database: Database): Promise<Set<number>> {
  const rows = await database.query<{ position: number; is_changed: boolean }>({
    text: `select position, exists (select from crash.sums where n = (body->>'n')::bigint) as is_changed
           from crash.journal order by position`,
  });
  expect(rows.map((row) => row.position)).toEqual(rows.map((_, n) => n + 1));
  expect(rows.every((row) => row.is_changed)).toBe(true);
  const [sums] = await database.query<{ n: number }>({
    text: 'select count(*) as n from crash.sums',
  });
  expect(sums?.n).toBe(rows.length);
  return new Set(rows.map((row) => row.position));
}

test('kill -9 of the writer or of the server in the middle of appends loses nothing acknowledged', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'emcee-test-crash-'));
  await using life = new AsyncDisposableStack();
  life.defer(() => rm(directory, { recursive: true, force: true }));
  const server = life.use(await startEmbeddedPostgresql({ directory, trace: silent }));
  const database = life.use(await openDatabase({ url: server.url, name: 'test' }));
  await prepareJournal(database, 'crash');
  await database.query({ text: 'create table crash.sums (n bigint primary key)' });
  const acknowledged = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const writer = startWriter(server.url);
    life.defer(() => void writer.child.kill('SIGKILL'));
    await untilBeyond(writer.acknowledged, 100);
    await sleep(Math.random() * 300);
    if (round % 2 === 1) {
      // The server first: the same writer must go on by itself.
      process.kill(server.pid, 'SIGKILL');
      const before = writer.acknowledged.size;
      await untilBeyond(writer.acknowledged, before + 100);
    }
    writer.child.kill('SIGKILL');
    await writer.ended;
    for (const position of writer.acknowledged) acknowledged.add(position);
    await vi.waitFor(async () => {
      const rows = await database.query({
        text: `select from pg_stat_activity where application_name = 'writer'`,
      });
      expect(rows).toEqual([]); // its last transaction has ended one way or the other
    }, 5_000);
    expect(acknowledged.difference(await readPositions(database))).toEqual(new Set());
  }
}, 600_000);
