/** Undoes what a message's parts are wrapped in for their way (RFC 2045 §6), piece by piece as they come. */

/** Takes the wrapped bytes of one part in pieces and gives what can be read of them so far. */
export interface TransferDecoder {
  push(bytes: Buffer): Buffer;
  /** What was left. */
  end(): Buffer;
}

const NOTHING = Buffer.alloc(0);

/** The decoder for a Content-Transfer-Encoding; what nobody knows passes as it is. */
export function transferDecoder(encoding: string): TransferDecoder {
  if (encoding === 'base64') return new Base64Decoder();
  if (encoding === 'quoted-printable') return new QuotedPrintableDecoder();
  return { push: (bytes) => bytes, end: () => NOTHING };
}

class Base64Decoder implements TransferDecoder {
  /** Up to three letters that wait for the fourth. */
  #rest = '';

  push(bytes: Buffer): Buffer {
    const letters = this.#rest + bytes.toString('latin1').replace(/[^A-Za-z0-9+/_-]+/g, '');
    const whole = letters.length - (letters.length % 4);
    this.#rest = letters.slice(whole);
    return Buffer.from(whole === letters.length ? letters : letters.slice(0, whole), 'base64');
  }

  end(): Buffer {
    const rest = this.#rest;
    this.#rest = '';
    return Buffer.from(rest, 'base64');
  }
}

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

class QuotedPrintableDecoder implements TransferDecoder {
  /** From the last `=` or the last blanks on: what follows decides what they mean. */
  #rest: Buffer = NOTHING;

  push(bytes: Buffer): Buffer {
    return this.#decode(this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes, false);
  }

  end(): Buffer {
    return this.#decode(this.#rest, true);
  }

  #decode(bytes: Buffer, isLast: boolean): Buffer {
    const decoded = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    let at = 0;
    this.#rest = NOTHING;
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0;
      if (byte === SPACE || byte === TAB) {
        const end = afterBlanks(bytes, at);
        const next = bytes[end];
        if (next === undefined && !isLast && end - at < MOST_BLANKS) {
          this.#rest = Buffer.from(bytes.subarray(at));
          break;
        }
        // Blanks at the end of a line were added on the way
        if (next !== undefined && next !== LF && next !== CR) {
          length += bytes.copy(decoded, length, at, end);
        }
        at = end;
        continue;
      }
      if (byte !== EQUALS) {
        decoded[length++] = byte;
        at += 1;
        continue;
      }
      if (bytes.length - at < 3 && !isLast && bytes[at + 1] !== LF) {
        this.#rest = Buffer.from(bytes.subarray(at));
        break;
      }
      const code = hexAt(bytes, at + 1);
      if (code >= 0) {
        decoded[length++] = code;
        at += 3;
        continue;
      }
      const end = afterBlanks(bytes, at + 1);
      if (end === bytes.length && !isLast && end - at < MOST_BLANKS) {
        this.#rest = Buffer.from(bytes.subarray(at));
        break;
      }
      if (end === bytes.length || bytes[end] === LF) at = end + 1;
      else if (bytes[end] === CR && bytes[end + 1] === LF) at = end + 2;
      else if (bytes[end] === CR && end + 1 === bytes.length && !isLast) {
        this.#rest = Buffer.from(bytes.subarray(at));
        break;
      } else {
        decoded[length++] = EQUALS; // it means nothing here: it stays, as every reader shows it
        at += 1;
      }
    }
    return decoded.subarray(0, length);
  }
}

/** No more blanks than this wait for what follows them: a line of them must not be held for ever. */
const MOST_BLANKS = 1_000;

function afterBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (at - from < MOST_BLANKS && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  return at;
}

function hexAt(bytes: Buffer, at: number): number {
  const high = hexDigit(bytes[at]);
  const low = hexDigit(bytes[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte & ~0x20;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}
