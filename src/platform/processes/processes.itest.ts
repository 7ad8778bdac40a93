import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';

const PARENT = join(import.meta.dirname, '../../../test/doubles/parent-process.ts');
const parents = new Set<ChildProcess>();
afterEach(() => {
  for (const parent of parents) parent.kill('SIGKILL');
  parents.clear();
});

function startParent(...plans: string[]) {
  const parent = spawn(process.execPath, [PARENT, ...plans], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, as a terminal gives it one
  });
  parents.add(parent);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: parent.stdout }).on('line', (line) => {
    lines.push(line);
    for (const wake of waiting) wake();
  });
  /** Resolves with the lines that match, once there are `count` of them. */
  const seen = async (pattern: RegExp, count = 1): Promise<string[]> => {
    for (;;) {
      const found = lines.filter((line) => pattern.test(line));
      if (found.length >= count) return found;
      const more = Promise.withResolvers<void>();
      waiting.add(more.resolve);
      await more.promise;
      waiting.delete(more.resolve);
    }
  };
  return {
    parent,
    lines,
    seen,
    exit: once(parent, 'exit').then(([code]: unknown[]) => code),
    /** When the last process that can write to the parent's standard output has ended. */
    silence: once(parent.stdout, 'close'),
  };
}

test('the parent starts a crashed child again, and names the room whose code failed', async () => {
  const marker = join(mkdtempSync(join(tmpdir(), 'emcee-processes-')), 'crashed');
  const { parent, seen, exit } = startParent(`crash-once:${marker}`, 'run');
  await seen(/^started/, 3);
  const [first = ''] = await seen(/process\.restarting/);
  expect(JSON.parse(first)).toMatchObject({
    level: 'fault',
    cause: 'out of luck',
    detail: {
      process: expect.stringContaining('crash-once'),
      room: 'media-director',
      exit: 70,
      crashes: 1,
      afterMs: 100,
    },
  });
  parent.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('the first SIGTERM lets the children drain', async () => {
  const { parent, lines, seen, exit } = startParent('run', 'run');
  await seen(/^started/, 2);
  parent.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(lines.filter((line) => line === 'drained')).toHaveLength(2);
});

test('SIGTERM while a child still starts is a stop like any other', async () => {
  const { parent, seen, exit } = startParent('wait');
  await seen(/^starting/);
  parent.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('Ctrl-C reaches parent and children at once, and still drains', async () => {
  const { parent, lines, seen, exit } = startParent('run');
  await seen(/^started/);
  process.kill(-(parent.pid ?? 0), 'SIGINT');
  expect(await exit).toBe(0);
  expect(lines).toContain('drained');
});

test('the second signal ends at once', async () => {
  const { parent, lines, seen, exit } = startParent('hang');
  await seen(/^started/);
  parent.kill('SIGINT');
  await seen(/process\.draining/);
  parent.kill('SIGINT');
  expect(await exit).toBe(70);
  expect(lines.join('\n')).not.toMatch(/^drained|drain-too-long/m);
});

test('a child that does not drain in time is ended', async () => {
  const { parent, lines, seen, exit } = startParent('hang');
  await seen(/^started/);
  parent.kill('SIGTERM');
  expect(await exit).toBe(70);
  expect(lines.join('\n')).toMatch(/process\.drain-too-long/);
});

test('children end when their parent is killed', async () => {
  const { parent, seen, silence } = startParent('run');
  await seen(/^started/);
  parent.kill('SIGKILL');
  expect(await seen(/^drained/)).toHaveLength(1);
  await silence;
});

test('a child that cannot start ends the others, and is not tried again', async () => {
  const { lines, exit } = startParent('refuse', 'run');
  expect(await exit).toBe(78);
  expect(lines.filter((line) => line.startsWith('Cannot open port 1'))).toHaveLength(1);
});
