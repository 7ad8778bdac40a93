#!/usr/bin/env node
/**
 * The `emcee` command. Plain JavaScript that any Node from 18 on can run: it brings the program itself
 * onto the Node that the lock file pins, so that the machine's own Node does not matter.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first Node that runs the sources as they are, with all that they use. */
const OLDEST_NODE = 24;

// A clone runs its sources; a package has only what `npm pack` made of them, because Node strips no
// types below node_modules.
const sources = new URL('../src/main.ts', import.meta.url);
const packed = new URL('../dist/src/main.js', import.meta.url);

if (Number.parseInt(process.versions.node) >= OLDEST_NODE) {
  // What was compiled once is kept: the next start is quicker, and needs 20 MiB less for each process,
  // because nothing has to strip types. Where the folder cannot be written nothing is kept.
  module.enableCompileCache(fileURLToPath(new URL('../.cache/node', import.meta.url)));
  await import(existsSync(sources) ? sources.href : packed.href);
} else {
  runOnPinnedNode();
}

function runOnPinnedNode() {
  const node = pinnedNode();
  if (!node) {
    console.error(
      `Cannot start Emcee: it needs Node ${OLDEST_NODE} and this is ${process.version}; ` +
        `install Node ${OLDEST_NODE}, or install Emcee with its optional dependencies, which bring one.`,
    );
    process.exit(1);
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}

function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `node-${process.platform}-${process.arch}/package.json`,
    );
    const node = join(dirname(manifest), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
