/** Where this program itself lies: in a clone as sources, in an installed package as `dist/`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

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
export const programVersion: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(programRoot, 'package.json'), 'utf8'))).version;

/** Where the built browser applications are, a folder each. */
export const applicationsDirectory: string = join(programRoot, 'dist', 'web');
