/**
 * Builds the browser applications into `dist/web`: every folder of `src/web` that has a `vite.config.ts`, and
 * `src/web` itself. Beside that lets Node compile the server into `.cache/node`, so that the first start
 * is as quick and small as all others. What has not changed is left alone.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const OUTPUT = 'dist/web';

/** What every application may import beside its own folder, and what decides how it is built. */
const SHARED = [
  'src/{base,domain,ui}/**/*.*',
  'src/servers/*/contract.ts',
  'src/servers/desktop-server/api/**/*.ts',
  'package-lock.json',
  'scripts/build.ts',
];

process.chdir(join(import.meta.dirname, '..'));

const isTest = (file: string): boolean => /\.i?test\.tsx?$/.test(file);

function hashOf(patterns: string[], exclude: string[] = []): string {
  const hash = createHash('sha256');
  for (const file of globSync(patterns, { exclude }).toSorted()) {
    if (!isTest(file)) hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Puts compressed copies beside what browsers load, for servers that pick the one a browser takes. */
function compress(folder: string): void {
  for (const file of globSync(`${folder}/**/*.{js,css,svg}`)) {
    const content = readFileSync(file);
    if (content.length < 1_400) continue; // fits into one packet as it is
    // Quality 9 takes a tenth of the time of 11 for a twentieth more bytes.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}

const folders = globSync(['src/web/vite.config.ts', 'src/web/*/vite.config.ts']).map(dirname);
const shared = hashOf(SHARED);
const units = folders.map((folder) => {
  const name = folder === 'src/web' ? 'applications' : folder.slice('src/web/'.length);
  const others = folders.filter((each) => each.startsWith(`${folder}/`));
  const hash = shared + hashOf([`${folder}/**/*.*`], others);
  const stamp = join(OUTPUT, `.${name}`);
  const isCurrent = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  return { folder, name, stamp, hash, isCurrent };
});

const compiling = compileServer();

for (const { folder, name, stamp, hash } of units.filter((unit) => !unit.isCurrent)) {
  const started = performance.now();
  process.stdout.write(`Building the browser ${name} … `);
  const { build } = await import('vite');
  await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  mkdirSync(OUTPUT, { recursive: true });
  compress(join(OUTPUT, name));
  writeFileSync(stamp, hash);
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

await compiling;

/** In a process of its own: what is loaded to be compiled would be in the way here. */
async function compileServer(): Promise<void> {
  const hash = hashOf(['src/**/*.ts', 'package-lock.json'], ['src/web', 'src/ui']);
  const stamp = '.cache/compiled';
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await promisify(execFile)(process.execPath, ['scripts/compile.ts']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}
