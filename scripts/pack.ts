/**
 * Makes `dist/src` for `npm pack`: the sources without their types, because Node strips none below
 * `node_modules`. Every import of a `.ts` file then names the `.js` file, and `#floor/…` a relative path.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';

const OUTPUT = 'dist/src';

// Node warns that stripping types by a call may change; the lock file pins the Node that runs this.
process.removeAllListeners('warning');

/** What only browsers (built into `dist/web`) or tests run. */
const isLeftOut = (file: string): boolean =>
  /^src\/(web|ui)\//.test(file) || /\.i?test\.tsx?$/.test(file) || file.endsWith('/fake.ts');

process.chdir(join(import.meta.dirname, '..'));
rmSync(OUTPUT, { recursive: true, force: true });

for (const file of globSync('src/**/*.{ts,sql,json}').filter((each) => !isLeftOut(each))) {
  const target = join('dist', file);
  mkdirSync(dirname(target), { recursive: true });
  if (file.endsWith('.ts')) writeFileSync(target.replace(/\.ts$/, '.js'), withoutTypes(file));
  else cpSync(file, target);
}

function withoutTypes(file: string): string {
  return stripTypeScriptTypes(readFileSync(file, 'utf8')).replaceAll(
    /(?<before>\b(?:from|import|new URL)\s*\(?\s*)'(?<to>[#.][^']*)'/g,
    (whole, before: string, to: string) => {
      const path = to.startsWith('#') ? relativeTo(file, join('src', to.slice(1))) : to;
      return path === to && !to.endsWith('.ts')
        ? whole
        : `${before}'${path.replace(/\.ts$/, '.js')}'`;
    },
  );
}

function relativeTo(file: string, to: string): string {
  const path = relative(dirname(file), to);
  return path.startsWith('.') ? path : `./${path}`;
}
