/**
 * Makes `dist/src` for `npm pack`: the sources that the program reaches, without their types, because Node
 * strips none below `node_modules`. Every import of a `.ts` file then names the `.js` file, and
 * `#floor/…` a relative path.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';

const PROGRAM = 'src/main.ts';

/** What one source names of others: imports, and files of worker threads. */
const REFERENCE = /(?<before>\b(?:from|import|new URL)\s*\(?\s*)'(?<to>[#.][^']*\.(?:ts|json))'/g;

// Node warns that stripping types by a call may change; the lock file pins the Node that runs this.
process.removeAllListeners('warning');

process.chdir(join(import.meta.dirname, '..'));
rmSync('dist/src', { recursive: true, force: true });

const reached = new Set<string>();
reach(PROGRAM);
for (const file of [...reached, ...globSync('src/**/*.sql')]) {
  const target = join('dist', file);
  mkdirSync(dirname(target), { recursive: true });
  if (file.endsWith('.ts')) writeFileSync(target.replace(/\.ts$/, '.js'), withoutTypes(file));
  else cpSync(file, target);
}

function reach(file: string): void {
  if (reached.has(file)) return;
  reached.add(file);
  if (!file.endsWith('.ts')) return;
  // What only types are imported from is not there at run time.
  for (const { groups } of stripped(file).matchAll(REFERENCE)) {
    reach(pathOf(file, groups?.['to'] ?? ''));
  }
}

function stripped(file: string): string {
  return stripTypeScriptTypes(readFileSync(file, 'utf8'));
}

function pathOf(file: string, to: string): string {
  return to.startsWith('#') ? join('src', to.slice(1)) : join(dirname(file), to);
}

function withoutTypes(file: string): string {
  return stripped(file).replaceAll(REFERENCE, (_whole, before: string, to: string) => {
    const path = relative(dirname(file), pathOf(file, to)).replace(/\.ts$/, '.js');
    return `${before}'${path.startsWith('.') ? path : `./${path}`}'`;
  });
}
