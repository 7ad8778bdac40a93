/** A parent process for the tests of `platform/processes`: keeps one child per argument, `behaviour:argument`. */
import { join } from 'node:path';
import { systemClock } from '#base/time.ts';
import { runParent } from '#platform/processes/parent.ts';
import { openTraces } from '#platform/trace/open-traces.ts';

const exitCode = await runParent({
  program: join(import.meta.dirname, 'child-process.ts'),
  children: process.argv.slice(2).map((plan) => ({ name: plan, arguments: plan.split(':') })),
  clock: systemClock,
  trace: openTraces({ instance: 'parent', clock: systemClock, output: process.stdout }).of(
    'process',
  ),
});
// What was written to a slow reader must reach it before the process ends.
process.stdout.write('', () => process.exit(exitCode));
