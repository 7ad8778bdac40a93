/** Loads the server without starting it, so that Node keeps what it compiled where `bin/emcee.js` looks for it. */
import { globSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
enableCompileCache(join(root, '.cache/node'));
const entries = globSync('src/{servers/*/server,command-line/*,platform/processes/parent}.ts', {
  cwd: root,
}).filter((file) => !file.endsWith('.test.ts'));
await Promise.all(entries.map((file) => import(join(root, file))));
process.exit();
