/**
 * Lines in a stream of bytes: `… \n`, a `\r` before it is dropped. Bytes, not characters, because TCP cuts
 * in the middle of them.
 */

/** The bytes are not lines of JSON objects: end the session. */
export class BrokenLineError extends Error {
  override readonly name = 'BrokenLineError';
}

const NEWLINE = 0x0a;

/** A JSON object, before it is known what it says. */
export type Line = Readonly<Record<string, unknown>>;

/** Splits what a socket delivers into JSON objects. */
export class LineSplitter {
  readonly #lineBytes: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #parts: Buffer[] = [];
  #length = 0;

  constructor(lineBytes: number) {
    this.#lineBytes = lineBytes;
  }

  /**
   * Takes `bytes` and gives each line that they complete to `take`, in order.
   *
   * @throws {BrokenLineError} If a line is too long, not UTF-8, or no JSON object. The lines before it are given.
   */
  push(bytes: Buffer, take: (line: Line, length: number) => void): void {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      const length = this.#length + (end === -1 ? bytes.length : end) - from;
      if (length > this.#lineBytes) {
        throw new BrokenLineError(`Cannot read a line: it is over ${this.#lineBytes} bytes`);
      }
      if (end === -1) break;
      const line = this.#complete(bytes.subarray(from, end));
      from = end + 1;
      if (line.length > 0) take(this.#parse(line), line.length);
    }
    if (from < bytes.length) {
      // a copy: the rest may be small, and would keep the whole of what was read alive
      const rest = Buffer.from(bytes.subarray(from));
      this.#parts.push(rest);
      this.#length += rest.length;
    }
  }

  #complete(last: Buffer): Buffer {
    const line = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#length = 0;
    return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  }

  #parse(line: Buffer): Line {
    let value: unknown;
    try {
      value = JSON.parse(this.#decoder.decode(line));
    } catch (cause) {
      throw new BrokenLineError('Cannot read a line: it is not JSON', { cause });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new BrokenLineError('Cannot read a line: it is not a JSON object');
    }
    return { ...value };
  }
}
