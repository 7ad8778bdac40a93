import { open } from 'node:fs/promises';

/** What the server's log says, and what it means to an administrator. The first that fits. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'the disk that holds it is full'],
  [/Disk quota exceeded/, 'the disk quota of its user is used up'],
  [/Read-only file system/, 'the disk that holds it is mounted read-only'],
  [/Permission denied/, 'its files cannot be read or written by the user that it runs as'],
  [/Cannot allocate memory|could not map anonymous shared memory/, 'the machine is out of memory'],
  [/Too many open files/, 'the limit of open files is reached'],
  [
    /invalid page in block|checksum mismatch|could not locate a valid checkpoint record/,
    'its files are damaged; restore a backup',
  ],
];

/** The end of a log says why the server stopped; the beginning of a long one does not. */
const TAIL_BYTES = 8_192;

/**
 * Says in a few words why a server stopped, from the end of its log.
 *
 * @param from Where this run of the server began to write.
 */
export async function explainLog(log: string, from: number): Promise<string> {
  const text = await readTail(log, from).catch(() => '');
  for (const [pattern, meaning] of MEANINGS) if (pattern.test(text)) return meaning;
  const last = text.match(/(?:FATAL|PANIC):\s+(.*)/g)?.at(-1) ?? text.trim().split('\n').at(-1);
  return last ? `it says: ${last.trim()}` : 'it left no word in its log';
}

/** Says the same of a system call's failure. */
export function explainFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return 'the disk that holds it is full';
  if (code === 'EDQUOT') return 'the disk quota of its user is used up';
  if (code === 'EROFS') return 'the disk that holds it is mounted read-only';
  if (code === 'EACCES' || code === 'EPERM') return `permission denied (${message})`;
  return message;
}

async function readTail(path: string, from: number): Promise<string> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const start = Math.max(size < from ? 0 : from, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
  return buffer.toString('utf8', 0, bytesRead);
}
