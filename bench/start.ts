/** How long a centre takes to start, the first time and later, and what it costs while nothing happens. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, type BenchResult } from './bench.ts';

const ROUNDS = 5;
const IDLE_AFTER = 5_000;
const READY = 'is ready';

export async function run(): Promise<BenchResult> {
  const first: number[] = [];
  const later: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const data = await mkdtemp(join(tmpdir(), 'emcee-bench-'));
    try {
      first.push(await measure(data));
      later.push(await measure(data, idle));
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  }
  const figures = {
    firstReadyMs: Math.round(median(first)),
    readyMs: Math.round(median(later)),
    idleMiB: Math.round(median(idle) * 10) / 10,
  };
  console.table(figures);
  return { bench: 'start', ratios: {}, figures };
}

/** Starts the program on `data` and stops it; resolves with the milliseconds until it was ready. */
async function measure(data: string, idle?: number[]): Promise<number> {
  const began = performance.now();
  const program = spawn(
    process.execPath,
    ['bin/emcee.js', 'start', '--data', data, '--set', 'ports.offset=any'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let output = '';
  for await (const text of program.stdout.setEncoding('utf8')) {
    output += String(text);
    if (output.includes(READY)) break;
  }
  const ready = performance.now() - began;
  if (!output.includes(READY))
    throw new Error(`Cannot measure the start: it ended with\n${output}`);
  if (idle) {
    await sleep(IDLE_AFTER);
    idle.push(memoryOf(program));
  }
  program.kill('SIGTERM');
  if (program.exitCode === null) await once(program, 'exit');
  return ready;
}

/** Memory of a process and all its descendants in MiB: the proportional set size, shared pages counted once. */
function memoryOf({ pid = 0 }: ChildProcess): number {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const family = new Set([pid]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [child, parent] of parents) if (family.has(parent)) family.add(child);
  }
  return [...family].reduce((sum, each) => sum + proportionalSize(each), 0) / 1_024;
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0; // it has just ended
  }
}

function proportionalSize(pid: number): number {
  try {
    return Number(
      /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0,
    );
  } catch {
    return 0;
  }
}
