import { type FileHandle, mkdir, open, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#base/failure.ts';
import { type KeptEntry, decodeLine, encodeLine, splitLines } from '../rules/kept-line.ts';
import { type Segment, firstOf, readSegment, segmentPath } from './segment.ts';

/** A file is at most this part of all that is kept, so that little goes at once with the oldest … */
const SMALLEST_PART = 16;
/** … and no larger than this: the newest is read at each start. */
const MOST_FILE_BYTES = 16 * 1024 * 1024;

/** Opens files for writing; a test gives one whose disk is full. */
export type OpenFile = (path: string) => Promise<Pick<FileHandle, 'write' | 'truncate' | 'close'>>;

/** `r+` must find the file, so it is made first. */
const openToWrite: OpenFile = async (path) => {
  await (await open(path, 'a', 0o600)).close();
  return open(path, 'r+');
};

/** The trace on disk: numbered files with a bound on their sum. One writer; readers are in nobody's way. */
export class TraceFiles implements AsyncDisposable {
  readonly #directory: string;
  readonly #keptBytes: number;
  readonly #fileBytes: number;
  readonly #openFile: OpenFile;
  readonly #segments: Segment[];
  #file: Awaited<ReturnType<OpenFile>> | undefined;
  #last: number;

  private constructor(
    directory: string,
    options: { readonly keptBytes: number; readonly openFile: OpenFile },
    found: { readonly segments: Segment[]; readonly last: number },
  ) {
    this.#directory = directory;
    this.#keptBytes = options.keptBytes;
    this.#fileBytes = Math.min(options.keptBytes / SMALLEST_PART, MOST_FILE_BYTES);
    this.#openFile = options.openFile;
    this.#segments = found.segments;
    this.#last = found.last;
  }

  /** Opens what is there. Half a line at the end, from a program that was killed, is cut off. */
  static async open(
    directory: string,
    options: { readonly keptBytes: number; readonly openFile?: OpenFile },
  ): Promise<TraceFiles> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { keptBytes, openFile = openToWrite } = options;
    const found = await findSegments(directory, openFile);
    return new TraceFiles(directory, { keptBytes, openFile }, found);
  }

  /** The number of the newest entry on disk; 0 where there is none. */
  get last(): number {
    return this.#last;
  }

  /**
   * Writes entries; their numbers rise. Where the disk is full, the oldest file makes room.
   *
   * @throws If they cannot be kept: nothing of them was written then.
   */
  async append(entries: readonly KeptEntry[], now: number): Promise<void> {
    const [first] = entries;
    if (!first) return;
    const bytes = Buffer.from(entries.map(encodeLine).join(''));
    try {
      await this.#write(first.n, bytes, now);
    } catch (error) {
      if (!isFull(error) || this.#segments.length < 2) throw error;
      await this.#dropOldest();
      await this.#write(first.n, bytes, now);
    }
    this.#last = entries.at(-1)?.n ?? this.#last;
  }

  /**
   * Reads entries from number `since` + 1 on, up to the newest at the time of asking.
   *
   * @yields Entries in order.
   */
  async *read(since: number): AsyncGenerator<KeptEntry, void> {
    const segments = this.#segments.slice();
    for (const [index, segment] of segments.entries()) {
      if ((segments[index + 1]?.first ?? Infinity) <= since + 1) continue;
      for await (const kept of readSegment({ ...segment })) if (kept.n > since) yield kept;
    }
  }

  /**
   * Reads all files that can hold entries of the range: an entry may come late, never early.
   *
   * @yields Entries in order, also such as lie outside of the range.
   */
  async *readSince(from: number): AsyncGenerator<KeptEntry, void> {
    for (const segment of this.#segments.slice()) {
      if (segment.writtenAt >= from) yield* readSegment({ ...segment });
    }
  }

  async #write(first: number, bytes: Buffer, now: number): Promise<void> {
    let segment = this.#segments.at(-1);
    if (!segment || segment.size + bytes.length > this.#fileBytes) {
      segment = await this.#rotate(first, now);
    }
    this.#file ??= await this.#openFile(segment.path);
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#file.write(
          bytes,
          done,
          bytes.length - done,
          segment.size + done,
        );
        done += bytesWritten;
      }
    } catch (error) {
      await this.#file.truncate(segment.size).catch(() => undefined);
      throw error;
    }
    segment.size += bytes.length;
    segment.writtenAt = now;
  }

  async #rotate(first: number, now: number): Promise<Segment> {
    const path = segmentPath(this.#directory, first);
    const file = await this.#openFile(path);
    await this.#file?.close();
    this.#file = file;
    const segment = { first, path, size: 0, writtenAt: now };
    const last = this.#segments.at(-1);
    if (last?.first === first) this.#segments.pop(); // nothing was ever written to it
    this.#segments.push(segment);
    while (this.#size() > this.#keptBytes - this.#fileBytes) await this.#dropOldest();
    return segment;
  }

  #size(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  async #dropOldest(): Promise<void> {
    const oldest = this.#segments.shift();
    if (oldest) await rm(oldest.path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error) ?? '');

async function findSegments(
  directory: string,
  openFile: OpenFile,
): Promise<{ segments: Segment[]; last: number }> {
  const segments: Segment[] = [];
  for (const name of (await readdir(directory)).toSorted()) {
    const first = firstOf(name);
    if (first === undefined) continue;
    const path = join(directory, name);
    const { size, mtimeMs } = await stat(path);
    segments.push({ first, path, size, writtenAt: mtimeMs });
  }
  const newest = segments.at(-1);
  if (!newest) return { segments, last: 0 };
  const { lines, rest } = splitLines(await readFile(newest.path));
  newest.size -= rest.length;
  if (rest.length > 0) {
    const file = await openFile(newest.path);
    await file.truncate(newest.size);
    await file.close();
  }
  const last = lines.map(decodeLine).findLast((kept) => kept !== undefined)?.n;
  return { segments, last: last ?? newest.first - 1 };
}
