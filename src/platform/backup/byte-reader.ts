/** The stream ended in the middle of what was asked for. */
export class CutShortError extends Error {
  override readonly name = 'CutShortError';
}

/** Reads exact numbers of bytes from a stream of chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** @throws {CutShortError} If the stream ends before that. */
  async read(length: number): Promise<Buffer> {
    await this.#fill(length);
    if (this.#buffered.length < length) throw new CutShortError('The stream ends in the middle');
    return this.#take(length);
  }

  /** Reads `length` bytes, or all that are left. */
  async readUpTo(length: number): Promise<Buffer> {
    await this.#fill(length);
    return this.#take(length);
  }

  /** Whether nothing is left. */
  async isAtEnd(): Promise<boolean> {
    await this.#fill(1);
    return this.#buffered.length === 0;
  }

  #take(length: number): Buffer {
    const taken = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    return taken;
  }

  /** Reads on until `length` bytes are there or nothing more comes. */
  async #fill(length: number): Promise<void> {
    const parts = [this.#buffered];
    let have = this.#buffered.length;
    while (have < length) {
      const next = await this.#chunks.next();
      if (next.done) break;
      parts.push(Buffer.from(next.value));
      have += next.value.byteLength;
    }
    if (parts.length > 1) this.#buffered = Buffer.concat(parts);
  }
}
