import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#base/failure.ts';
import { type KeptEntry, decodeLine, splitLines } from '../rules/kept-line.ts';

/** One file of the trace: entries from number `first` on. */
export interface Segment {
  readonly first: number;
  readonly path: string;
  /** How much of it is sound; what is behind that is being written. */
  size: number;
  /** When the last entry was written; by the clock of this machine. */
  writtenAt: number;
}

const NAME = /^trace-(?<first>\d{15})\.jsonl$/;

/** Fifteen digits, so that the order of names is that of numbers. */
export const segmentPath = (directory: string, first: number): string =>
  join(directory, `trace-${String(first).padStart(15, '0')}.jsonl`);

/** The first number of a segment by its file's name; nothing for any other file. */
export function firstOf(name: string): number | undefined {
  const first = NAME.exec(name)?.groups?.['first'];
  return first === undefined ? undefined : Number(first);
}

/** Read at once: enough for some hundred entries, little enough for many readers. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Reads a segment from its beginning; one that was deleted meanwhile is empty.
 *
 * @yields Entries in order; lines that are none are left out.
 */
export async function* readSegment(segment: Segment): AsyncGenerator<KeptEntry, void> {
  let file: FileHandle;
  try {
    file = await open(segment.path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  await using _ = file;
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let waiting: Buffer = Buffer.alloc(0);
  for (let at = 0; at < segment.size;) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, segment.size - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    const { lines, rest } = splitLines(Buffer.concat([waiting, chunk.subarray(0, bytesRead)]));
    waiting = Buffer.from(rest);
    for (const line of lines) {
      const kept = decodeLine(line);
      if (kept) yield kept;
    }
  }
}
