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
let isOver = false;
let changed = { browsers: false, server: false };
let work = Promise.resolve();
let timer: NodeJS.Timeout | undefined;

async function build(): Promise<void> {
  await once(spawn(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' }), 'exit');
}

/** In a process group of its own: the Ctrl-C of a terminal would be a second signal, and that one forces. */
function start(): void {
  if (isOver) return;
  centre = spawn(process.execPath, ['bin/emcee.js', 'start', ...process.argv.slice(2)], {
    stdio: 'inherit',
    detached: true,
  });
}

async function stop(): Promise<void> {
  if (!centre || centre.exitCode !== null || centre.signalCode !== null) return;
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

async function end(): Promise<void> {
  isOver = true;
  await stop();
  process.exit();
}

process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
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
