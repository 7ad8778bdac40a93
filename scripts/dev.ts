/**
 * Starts a centre and starts it again whenever a source of the server changes; builds the browser
 * applications again whenever one of theirs does. Arguments go to `emcee start`.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));

/** An editor that saves all its files makes many changes at once. */
const SETTLE_MS = 200;

const isOfBrowsers = (file: string): boolean => /^(?:web|ui)\//.test(file);
const isTest = (file: string): boolean => /\.i?test\.tsx?$/.test(file);

let centre: ChildProcess | undefined;
let changed = { browsers: false, server: false };
let work = Promise.resolve();
let timer: NodeJS.Timeout | undefined;

async function build(): Promise<void> {
  await once(spawn(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' }), 'exit');
}

function start(): void {
  centre = spawn(process.execPath, ['bin/emcee.js', 'start', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
}

async function stop(): Promise<void> {
  if (!centre || centre.exitCode !== null) return;
  const gone = once(centre, 'exit');
  centre.kill('SIGTERM');
  await gone;
}

async function apply(): Promise<void> {
  const { browsers, server } = changed;
  changed = { browsers: false, server: false };
  if (browsers) await build();
  if (!server) return;
  await stop();
  start();
}

await build();
start();
watch('src', { recursive: true }, (_event, file) => {
  if (file === null || isTest(file)) return;
  // The domain runs on both sides.
  changed.browsers ||= isOfBrowsers(file) || /^(?:base|domain)\/|contract\.ts$/.test(file);
  changed.server ||= !isOfBrowsers(file);
  clearTimeout(timer);
  timer = setTimeout(() => {
    work = work.then(apply);
  }, SETTLE_MS);
});
process.on('SIGINT', () => void stop().then(() => process.exit()));
process.on('SIGTERM', () => void stop().then(() => process.exit()));
