/**
 * Builds the browser applications, each folder of `src/web` into a folder of `dist/web`. An application
 * whose sources have not changed since it was built is left alone, so that a second `npm start` is quick.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WEB = 'src/web';
const OUTPUT = 'dist/web';

/** What every application may import beside its own folder, and what decides how it is built. */
const SHARED = [
  'src/{base,domain,ui}/**/*.{ts,tsx,css,json,svg}',
  'src/servers/*/contract.ts',
  `${WEB}/*.*`,
  'package-lock.json',
  'scripts/build.ts',
];

process.chdir(join(import.meta.dirname, '..'));

const isTest = (file: string): boolean => /\.i?test\.tsx?$/.test(file);

function hashOf(patterns: string[], before = ''): string {
  const hash = createHash('sha256').update(before);
  for (const file of globSync(patterns)
    .filter((each) => /\.\w+$/.test(each))
    .toSorted()) {
    if (!isTest(file)) hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const sharedHash = hashOf(SHARED);
const applications = globSync([`${WEB}/*/index.html`, `${WEB}/*/vite.config.ts`])
  .map((file) => file.split('/')[2] ?? '')
  .filter((name, at, all) => all.indexOf(name) === at)
  .map((name) => {
    const stamp = join(OUTPUT, `.${name}`);
    const hash = hashOf([`${WEB}/${name}/**`], sharedHash);
    const isCurrent = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
    return { name, stamp, hash, isCurrent };
  });

for (const { name, stamp, hash } of applications.filter((each) => !each.isCurrent)) {
  const started = performance.now();
  process.stdout.write(`Building ${name} … `);
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const root = join(WEB, name);
  const own = join(root, 'vite.config.ts');
  await build({
    root,
    base: `/${name}/`,
    configFile: existsSync(own) ? own : false,
    logLevel: 'warn',
    plugins: existsSync(own) ? [] : [react()],
    build: {
      outDir: join(process.cwd(), OUTPUT, name),
      emptyOutDir: true,
      reportCompressedSize: false,
      // One bundle of a whole application is larger than the warning's limit and loads once.
      chunkSizeWarningLimit: 2_000,
    },
  });
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(stamp, hash);
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
