import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DirectoryInUseError, holdDirectory } from './directory-lock.ts';

async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'emcee-test-lock-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('holdDirectory() makes the directory, and lets nobody else in until disposed', async () => {
  await using home = await temporaryDirectory();
  const directory = join(home.path, 'a/b');
  const lock = holdDirectory(directory);
  expect(() => holdDirectory(directory)).toThrow(new DirectoryInUseError(directory, process.pid));
  lock[Symbol.dispose]();
  lock[Symbol.dispose]();
  holdDirectory(directory)[Symbol.dispose]();
});

test('holdDirectory() names the process that holds it, and is free the moment that one is killed', async () => {
  await using home = await temporaryDirectory();
  const program = `
    import { holdDirectory } from ${JSON.stringify(new URL('directory-lock.ts', import.meta.url))};
    globalThis.lock = holdDirectory(${JSON.stringify(home.path)});
    console.log('held');
    setInterval(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(() => holdDirectory(home.path)).toThrow(
    `Cannot use the data directory "${home.path}": it is in use by process ${child.pid}`,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  holdDirectory(home.path)[Symbol.dispose]();
});
