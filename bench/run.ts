/** `npm run bench -- NAME`: runs one bench; without a name, says which there are. */
import { readdirSync } from 'node:fs';
import type { BenchResult } from './bench.ts';

const SHARED = new Set(['bench', 'run']);

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !SHARED.has(name));

const name = process.argv[2] ?? '';
if (names.includes(name)) {
  const { run } = (await import(`./${name}.ts`)) as { run: () => Promise<BenchResult> };
  console.log(JSON.stringify(await run()));
} else {
  console.error(`Usage: npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 2;
}
