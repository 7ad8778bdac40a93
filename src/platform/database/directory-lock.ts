import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process of this program already uses the directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly directory: string;
  /** The process that holds it; 0 when it does not say. */
  readonly holder: number;

  constructor(directory: string, holder: number) {
    const whom = holder === 0 ? 'another process' : `process ${holder}`;
    super(`Cannot use the data directory "${directory}": it is in use by ${whom}`);
    this.directory = directory;
    this.holder = holder;
  }
}

/**
 * Takes `directory` for this process alone, until disposed or until the process ends in whatever way.
 *
 * The lock is the kernel's, so a crash leaves nothing behind that must be cleaned up or could be mistaken
 * for a living process. Makes the directory where it is missing.
 *
 * @throws {DirectoryInUseError} If another process, or another part of this one, holds it.
 */
export function holdDirectory(directory: string): Disposable {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  accessSync(directory, constants.W_OK); // SQLite would not say why
  const pidFile = join(directory, 'lock.pid');
  // Node has no flock of its own, but SQLite holds a real file lock while a transaction is open. Nothing
  // is ever written, so the file stays empty and no power cut can spoil it.
  const file = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    file.exec('pragma journal_mode = memory; begin exclusive');
  } catch (error) {
    file.close();
    if (isBusy(error)) throw new DirectoryInUseError(directory, readPid(pidFile));
    throw error;
  }
  try {
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    // A full disk: only words for whoever comes second, and the lock stands without them.
  }
  return {
    [Symbol.dispose]() {
      if (file.isOpen) file.close();
    },
  };
}

function readPid(path: string): number {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}

/** SQLITE_BUSY: somebody else has the lock. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === 5;
