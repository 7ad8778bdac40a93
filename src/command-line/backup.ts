import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { backup } from '#platform/backup/backup.ts';
import { checkSeal, restore } from '#platform/backup/restore.ts';
import { prepareDataDirectory } from '#platform/installation/data-directory.ts';
import { programVersion } from '#platform/installation/program.ts';
import { askSecret } from './ask-secret.ts';
import type { Context } from './context.ts';
import { reachDatabase } from './reach-database.ts';

export interface BackupCommandOptions {
  readonly passphraseFile?: string;
}

/** What makes a data directory this installation, beside the database. */
const FILES = ['secret.key', 'settings.json', 'tls', 'license-director'];

const MEGABYTE = 1_000_000;

/** `emcee backup FILE`: also while everything runs. */
export async function backUp(
  { settings, directory }: Context,
  file: string,
  options: BackupCommandOptions,
): Promise<void> {
  const passphrase = await passphraseOf(options);
  await using database = await reachDatabase({ settings, directory });
  const summary = await backup({
    url: database.url,
    output: resolve(file),
    passphrase,
    directory,
    files: FILES,
    program: programVersion,
  });
  console.log(
    `Wrote ${resolve(file)}: ${summary.tables} tables, ${summary.files} files, ${(summary.bytes / MEGABYTE).toFixed(1)} MB.`,
  );
  console.log(
    'It is of no use without its passphrase, and the installation may be of none without it.',
  );
}

/** `emcee restore FILE`: into an empty data directory, or an empty database of one's own. */
export async function bringBack(
  { settings, directory }: Context,
  file: string,
  options: BackupCommandOptions,
): Promise<void> {
  const passphrase = await passphraseOf(options);
  const input = resolve(file);
  await checkSeal(input, passphrase); // else a slip of the pen would leave an empty database behind
  prepareDataDirectory(directory);
  await using database = await reachDatabase({ settings, directory });
  const { url } = database;
  const summary = await restore({ url, input, passphrase, directory });
  console.log(
    `Restored what was kept at ${new Date(summary.takenAt).toISOString()}: ${summary.tables} tables, ${summary.files} files.`,
  );
  console.log('Start it by emcee start.');
}

async function passphraseOf({ passphraseFile }: BackupCommandOptions): Promise<string> {
  if (passphraseFile === undefined) return askSecret('Passphrase of the backup');
  return readFileSync(passphraseFile, 'utf8').trimEnd();
}
