/**
 * Where the processes of an installation find its embedded PostgreSQL: `database/url` in the data
 * directory, written by the one that supervises it.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '#base/failure.ts';

const path = (directory: string): string => join(directory, 'database', 'url');

/** The server's own folder. */
export const embeddedDirectory = (directory: string): string => join(directory, 'database');

/** Tells the other processes; disposing takes it back. */
export function writeDatabaseUrl(directory: string, url: string): Disposable {
  const file = path(directory);
  const draft = `${file}.${process.pid}`;
  mkdirSync(embeddedDirectory(directory), { recursive: true, mode: 0o700 });
  writeFileSync(draft, `${url}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** Nothing where no process supervises a server at this moment, or one was killed before it could say so. */
export function readDatabaseUrl(directory: string): string | undefined {
  try {
    return readFileSync(path(directory), 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
