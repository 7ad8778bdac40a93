/** The browser applications, built once before the journeys that open them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD = fileURLToPath(new URL('../../scripts/build.ts', import.meta.url));

/** Called by vitest before the first journey. Does nothing where no source has changed. */
export async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [BUILD], { timeout: 120_000 });
}
