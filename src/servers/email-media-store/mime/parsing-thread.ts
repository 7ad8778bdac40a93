/** The thread that reads messages: whatever one does to it, those who write and answer go on. */
import { parentPort } from 'node:worker_threads';
import { readMessage } from './read-message.ts';
import { pack, unpack } from './thread-messages.ts';
import type { BatchReading, FromThread, ToThread } from './thread-messages.ts';

/** Files of a large message leave in pieces of this size. */
const FILE_PIECE = 262_144;
/** What is split at once: small enough that the texts made of it are gone with the next sweep of young memory. */
const SPLIT_PIECE = 32_768;

if (!parentPort) throw new Error('Cannot read messages: this is a thread of the e-mail store');
const port = parentPort;

const tell = (message: FromThread, bytes: ArrayBuffer): void => port.postMessage(message, [bytes]);

async function readBatch(messages: readonly Buffer[]): Promise<void> {
  const readings: BatchReading[] = [];
  const files: Buffer[] = [];
  for (const message of messages) {
    const pieces: Buffer[][] = [];
    const reading = await readMessage([message], {
      write(file, bytes) {
        (pieces[file] ??= []).push(bytes as Buffer);
        return undefined;
      },
    });
    for (const [at] of reading.files.entries()) files.push(Buffer.concat(pieces[at] ?? []));
    readings.push({ reading, files: reading.files.length });
  }
  const packed = pack(files);
  tell({ type: 'batch', readings, files: packed }, packed.bytes);
}

/** The pieces of a large message, each asked for when the last one has been read. */
class Pieces implements AsyncIterable<Buffer> {
  #given = Promise.withResolvers<Buffer | undefined>();

  give(bytes: Buffer | undefined): void {
    this.#given.resolve(bytes);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for (;;) {
      this.#given = Promise.withResolvers();
      port.postMessage({ type: 'more' } satisfies FromThread);
      const bytes = await this.#given.promise;
      if (!bytes) return;
      for (let at = 0; at < bytes.length; at += SPLIT_PIECE) {
        yield bytes.subarray(at, at + SPLIT_PIECE);
      }
    }
  }
}

/** Sends files away piece by piece, one piece under way. */
class Files {
  #waiting: Buffer[] = [];
  #bytes = 0;
  #file = 0;
  #taken = Promise.withResolvers<void>();

  taken(): void {
    this.#taken.resolve();
  }

  write(file: number, bytes: Uint8Array): Promise<void> | undefined {
    const before = file === this.#file ? undefined : this.#send();
    this.#file = file;
    this.#waiting.push(Buffer.from(bytes)); // what it lies in holds much more
    this.#bytes += bytes.length;
    if (before || this.#bytes < FILE_PIECE) return before;
    return this.#send();
  }

  /** Resolves when all is written. */
  async end(): Promise<void> {
    await this.#send();
  }

  async #send(): Promise<void> {
    if (this.#bytes === 0) return;
    const { bytes } = pack(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    this.#taken = Promise.withResolvers();
    tell({ type: 'file', file: this.#file, bytes }, bytes);
    await this.#taken.promise;
  }
}

let pieces: Pieces | undefined;
let files: Files | undefined;

async function readLarge(): Promise<void> {
  const [from, to] = [(pieces = new Pieces()), (files = new Files())];
  const reading = await readMessage(from, to);
  await to.end();
  port.postMessage({ type: 'read', reading } satisfies FromThread);
}

let last: Promise<void> = Promise.resolve();

port.on('message', (message: ToThread) => {
  if (message.type === 'batch') last = last.then(() => readBatch(unpack(message.messages)));
  else if (message.type === 'begin') void readLarge();
  else if (message.type === 'piece') pieces?.give(Buffer.from(message.bytes));
  else if (message.type === 'end') pieces?.give(undefined);
  else files?.taken();
});

port.postMessage({ type: 'ready' } satisfies FromThread);
