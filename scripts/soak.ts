/**
 * Runs every test with its long cases in full (kills, mutated frames, months of days) and writes what it
 * found to `docs/operations/soak.md`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { programVersion } from '#platform/installation/program.ts';

const RESULT = '.cache/soak.json';
const REPORT = 'docs/operations/soak.md';

/** A case shorter than this is not worth a line of its own. */
const LONG_MS = 1_000;

/** What vitest's JSON reporter writes, as far as it is used here. */
const Result = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          title: z.string(),
          status: z.string(),
          duration: z.number().nullish(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

process.chdir(join(import.meta.dirname, '..'));
const started = new Date();
const [status] = await once(
  spawn(
    'vitest',
    [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${RESULT}`,
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit', env: { ...process.env, EMCEE_SOAK: '1', EMCEE_REQUIRE_SERVERS: '1' } },
  ),
  'exit',
);

const result = Result.parse(JSON.parse(readFileSync(RESULT, 'utf8')));
const cases = result.testResults.flatMap((file) => file.assertionResults);
const failed = cases.filter((each) => each.status === 'failed');
const long = cases
  .filter((each) => each.status === 'passed' && (each.duration ?? 0) >= LONG_MS)
  .toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0));
const minutes = (Date.now() - started.getTime()) / 60_000;

const report = [
  '# Soak',
  '',
  'What the last `npm run soak` found. Written by `scripts/soak.ts`; do not edit.',
  '',
  '| | |',
  '|---|---|',
  `| version | ${programVersion} |`,
  `| started | ${started.toISOString()} |`,
  `| took | ${minutes.toFixed(1)} min |`,
  `| on | Node ${process.versions.node}, ${process.platform}, ${cpus().length} processors, ${Math.round(totalmem() / 1024 ** 3)} GiB |`,
  `| tests | ${result.numPassedTests} passed, ${result.numFailedTests} failed, ${result.numPendingTests} skipped |`,
  '',
  '## Failed',
  '',
  ...(failed.length === 0 ? ['None.'] : failed.map(describeFailed)),
  '',
  '## Long cases',
  '',
  '| seconds | case |',
  '|---:|---|',
  ...long.map((each) => `| ${((each.duration ?? 0) / 1_000).toFixed(1)} | ${cell(each.title)} |`),
  '',
];
mkdirSync('docs/operations', { recursive: true });
writeFileSync(REPORT, report.join('\n'));
console.log(`Wrote ${REPORT}.`);
process.exitCode = Number(status ?? 1);

function describeFailed(each: (typeof cases)[number]): string {
  const [message = ''] = each.failureMessages ?? [];
  return `- ${each.title}: ${message.split('\n')[0] ?? ''}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
