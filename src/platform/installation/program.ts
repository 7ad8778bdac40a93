/** Where this program itself lies: in a clone as sources, in an installed package as `dist/`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

/** The folder of package.json. */
export const programRoot: string = findRoot();

/** True when the sources run as they are, and nothing is installed for everybody. */
export const isClone: boolean = existsSync(join(programRoot, 'src'));

/** The version in package.json. */
export const programVersion: string = readVersion(join(programRoot, 'package.json'));

/** Where the built browser applications are, a folder each. */
export const applicationsDirectory: string = join(programRoot, 'dist', 'web');

/** Without zod, which would be the largest part of the parent process. */
function readVersion(manifest: string): string {
  const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  if (typeof content === 'object' && content !== null && 'version' in content) {
    if (typeof content.version === 'string') return content.version;
  }
  throw new Error(`Cannot tell the version of this program: "${manifest}" has none`);
}
