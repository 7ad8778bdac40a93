import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { codeOf, messageOf } from '#base/failure.ts';
import { defineSettings } from '#platform/settings/settings.ts';
import { z } from 'zod';
import { isClone, programRoot } from './program.ts';

/** The data directory cannot be used; the message says why and what to do. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/**
 * Where data goes when nobody says otherwise: `data/` of a clone, so that whoever tries the product finds
 * and removes all of it in one place; of an installed program, where the XDG specification says.
 *
 * @see XDG Base Directory Specification 0.8
 */
export function defaultDataDirectory(
  clone: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (clone !== undefined) return join(clone, 'data');
  const home = environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share');
  return join(home, 'emcee');
}

/** `data`: the one setting that the settings file itself cannot hold. */
export const dataSettings = defineSettings({
  data: {
    schema: z.string().min(1),
    default: defaultDataDirectory(isClone ? programRoot : undefined),
    what: 'The data directory: database, keys, certificates, traces, settings.json.',
    why: 'data/ of a clone, else ~/.local/share/emcee.',
  },
});

/**
 * Makes the directory where it is missing, and lets only its owner in.
 *
 * @returns Its absolute path.
 * @throws {DataDirectoryError} If it cannot be made, entered or written.
 */
export function prepareDataDirectory(path: string): string {
  const directory = resolve(path);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const found = statSync(directory);
    const us = process.getuid?.();
    if (us !== undefined && found.uid !== us && us !== 0) {
      throw new Error(`it belongs to user ${found.uid}, and this is user ${us}`);
    }
    if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700);
    accessSync(directory, constants.W_OK);
  } catch (error) {
    const reason = codeOf(error) === 'EEXIST' ? 'a file has its name' : messageOf(error);
    throw new DataDirectoryError(
      `Cannot use the data directory "${directory}": ${reason}; name another one by EMCEE_DATA`,
      { cause: error },
    );
  }
  return directory;
}
