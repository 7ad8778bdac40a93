import { chmod, chown, lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An account of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes `path` a directory with exactly this owner and mode, and its parents where they are missing.
 *
 * @throws {Error} If something else stands there, as a directory that another account put in its place would.
 */
export async function ensureDirectory(path: string, mode: number, owner: Account): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const isNew = await mkdir(path, { mode }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (isNew && process.getuid?.() === 0) await chown(path, owner.uid, owner.gid);
  const found = await lstat(path);
  if (!found.isDirectory()) throw new Error(`Cannot use "${path}": it is not a directory`);
  if (found.uid !== owner.uid) {
    throw new Error(
      `Cannot use "${path}": it belongs to user ${found.uid}, and user ${owner.uid} needs it`,
    );
  }
  if ((found.mode & 0o777) !== mode) await chmod(path, mode);
}

/** Whether `account` may pass through every directory above `path` and read what lies there. */
export async function isOpenTo(path: string, account: Account): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (!found) return false;
    const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
    const wanted = found.isDirectory() ? 0o1 : 0o4;
    if (!found.isSymbolicLink() && ((found.mode >> shift) & wanted) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
