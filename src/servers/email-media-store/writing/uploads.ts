import { Refusal } from '#base/refusal.ts';
import { type Clock, minutes } from '#base/time.ts';
import type { AgentId, DraftId } from '#domain/ids.ts';
import type { Blob, BlobWriter } from '../tables/blobs.ts';

/** Files on their way in at once; each holds up to a MiB. */
const MOST_UPLOADS = 64;
/** One agent leaves room for the others. */
const MOST_OF_AGENT = 8;
/** What nobody goes on with is forgotten. */
const IDLE_AFTER = minutes(10);

interface Upload {
  readonly agent: AgentId;
  readonly writer: BlobWriter;
  /** Pieces are taken one after the other. */
  turn: Promise<unknown>;
  timer: Disposable;
}

/** A piece of a file. */
export interface Piece {
  readonly agent: AgentId;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly last: boolean;
  /** Of the whole file, in bytes. */
  readonly most: number;
}

/** Files that are coming in piece by piece. After a restart they come from the beginning. */
export class Uploads implements Disposable {
  readonly #clock: Clock;
  readonly #begin: () => BlobWriter;
  readonly #uploads = new Map<string, Upload>();

  constructor(clock: Clock, begin: () => BlobWriter) {
    this.#clock = clock;
    this.#begin = begin;
  }

  [Symbol.dispose](): void {
    for (const key of this.#uploads.keys()) this.forget(key);
  }

  /**
   * Takes a piece; the same again changes nothing.
   *
   * @returns How much is there, and the whole once the last piece is.
   * @throws {Refusal} `out-of-order` with the offset to go on from, `file-too-large`, `busy`.
   */
  async take(key: string, piece: Piece): Promise<{ offset: number; blob: Blob | undefined }> {
    const upload = this.#uploads.get(key) ?? this.#open(key, piece);
    const taken = upload.turn.then(() => this.#write(key, upload, piece));
    upload.turn = taken.catch(() => undefined);
    return taken;
  }

  /** The name of a file's upload. */
  static key(draft: DraftId, file: string): string {
    return `${draft} ${file}`;
  }

  forget(key: string): void {
    this.#uploads.get(key)?.timer[Symbol.dispose]();
    this.#uploads.delete(key);
  }

  #open(key: string, { agent, offset }: Piece): Upload {
    if (offset > 0) throw outOfOrder(0);
    const ofAgent = [...this.#uploads.values()].filter((upload) => upload.agent === agent);
    if (this.#uploads.size >= MOST_UPLOADS || ofAgent.length >= MOST_OF_AGENT) {
      throw new Refusal('busy', 'Too many files are on their way: try again in a moment');
    }
    const upload: Upload = {
      agent,
      writer: this.#begin(),
      turn: Promise.resolve(),
      timer: this.#clock.after(IDLE_AFTER, () => this.forget(key)),
    };
    this.#uploads.set(key, upload);
    return upload;
  }

  async #write(
    key: string,
    upload: Upload,
    { offset, bytes, last, most }: Piece,
  ): Promise<{ offset: number; blob: Blob | undefined }> {
    const { writer } = upload;
    upload.timer[Symbol.dispose]();
    upload.timer = this.#clock.after(IDLE_AFTER, () => this.forget(key));
    const isKnown = offset + bytes.length <= writer.size && !(last && bytes.length === 0);
    if (offset > writer.size || (offset < writer.size && !isKnown)) throw outOfOrder(writer.size);
    if (!isKnown && writer.size + bytes.length > most) {
      this.forget(key);
      throw new Refusal('file-too-large', `A file has at most ${most} bytes`, { most });
    }
    try {
      if (!isKnown) await writer.write(bytes);
      if (!last) return { offset: writer.size, blob: undefined };
      const blob = await writer.end();
      this.forget(key);
      return { offset: blob.size, blob };
    } catch (error) {
      this.forget(key); // what a writer has is not known after a failure
      throw error;
    }
  }
}

const outOfOrder = (offset: number): Refusal =>
  new Refusal('out-of-order', `The next piece begins at ${offset}`, { offset });
