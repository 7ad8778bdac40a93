/** A child process for the tests of `platform/processes`: does what its first argument says. */
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#base/time.ts';
import { runChild } from '#platform/processes/child.ts';
import { inRoom } from '#platform/processes/rooms.ts';
import { openTraces } from '#platform/trace/open-traces.ts';

const [behaviour = '', argument = ''] = process.argv.slice(2);

async function start(signal: AbortSignal): Promise<AsyncDisposable> {
  if (behaviour === 'refuse') throw new Error('Cannot open port 1: it is taken');
  if (behaviour === 'crash-once' && !existsSync(argument)) {
    writeFileSync(argument, '');
    inRoom('media-director', () => setImmediate(() => fail()));
  }
  if (behaviour === 'wait') {
    process.stdout.write('starting\n');
    await once(signal, 'abort');
    signal.throwIfAborted();
  }
  process.stdout.write(`started ${process.pid}\n`);
  return {
    async [Symbol.asyncDispose]() {
      if (behaviour === 'hang') await sleep(60_000);
      await sleep(50);
      process.stdout.write('drained\n');
    },
  };
}

function fail(): never {
  throw new Error('out of luck');
}

const exitCode = await runChild({
  start,
  drain: behaviour === 'hang' ? 500 : 5_000, // a busy machine drains late
  clock: systemClock,
  trace: openTraces({ instance: 'child', clock: systemClock, output: process.stdout }).of(
    'process',
  ),
  complain: (sentence) => process.stdout.write(`${sentence}\n`),
});
// What was written to a slow reader must reach it before the process ends.
process.stdout.write('', () => process.exit(exitCode));
