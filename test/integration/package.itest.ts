/** What `npm pack` makes, installed elsewhere and started by whatever Node the machine has. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { startProgram } from '../journeys/centre.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'emcee-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Node that npm runs on, which need not be the one of the lock file; the same where npm did not start this. */
const node = process.env['npm_node_execpath'] ?? process.execPath;

test('the package installs elsewhere and starts, on any Node', { timeout: 300_000 }, async () => {
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    maxBuffer: 10_000_000,
  });
  const [, name = ''] = /"filename": "([^"]+)"/.exec(packed.stdout) ?? [];
  await run('npm', [
    'install',
    '--ignore-scripts',
    '--prefer-offline',
    '--prefix',
    folder,
    join(folder, name),
  ]);
  const program = join(folder, 'node_modules/emcee/bin/emcee.js');
  expect(execFileSync(node, [program, '--version'], { encoding: 'utf8' })).toMatch(
    /^\d+\.\d+\.\d+\n$/,
  );

  await using centre = await startProgram({ program: [node, program] });
  const [, origin = ''] = await centre.printed(/Open +(http:\S+)\//);
  const page = await fetch(origin);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script')]);
  const openapi = await fetch(`${origin}/api/openapi.json`);
  expect(openapi.status).toBe(200);
});
