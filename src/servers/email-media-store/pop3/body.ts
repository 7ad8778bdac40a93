/**
 * The answer of more than one line, RFC 1939 §3: any bytes, in lines that end with CRLF. A line that begins with a dot
 * has another before it; a line of one dot alone is no part of it and ends it.
 *
 *     line CRLF  ..line CRLF  line CRLF  . CRLF   →   line CRLF  .line CRLF  line CRLF
 *
 * A CR or LF by itself is a byte like any other: what some programs take for the end of a line ends nothing here.
 */
const LINE_START = Buffer.from('\r\n.');
const CR = 13;
const LF = 10;

/** What has come of a body and cannot be decided without what follows; at most four bytes. */
export interface BodyState {
  readonly held: Buffer;
  /** The first two bytes of `held` never came: they stand for the end of the line before the body. */
  readonly begins: boolean;
}

export const BODY_START: BodyState = { held: Buffer.from('\r\n'), begins: true };

export interface DecodedBody {
  /** Bytes of the body, as the message has them. */
  readonly pieces: readonly Buffer[];
  readonly state: BodyState;
  /** What follows the end of the body; left out while it has not ended. */
  readonly rest?: Buffer;
}

/** Takes the next bytes of a body, however the network cut them. */
export function decodeBody({ held, begins }: BodyState, chunk: Buffer): DecodedBody {
  const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
  const pieces: Buffer[] = [];
  let from = begins ? 2 : 0;
  const give = (to: number): void => {
    if (to > from) pieces.push(bytes.subarray(from, to));
  };
  for (let search = 0; ;) {
    const at = bytes.indexOf(LINE_START, search);
    const undecided = at < 0 ? bytes.length - tailOf(bytes) : at;
    if (at < 0 || isOpen(bytes, at)) {
      give(undecided);
      // Where nothing was decided the two bytes that never came are still among what is held
      return {
        pieces,
        state: { held: bytes.subarray(undecided), begins: begins && undecided < 2 },
      };
    }
    give(at + 2);
    if (bytes[at + 3] === CR && bytes[at + 4] === LF) {
      return { pieces, state: BODY_START, rest: bytes.subarray(at + 5) };
    }
    search = at + 3;
    from = search;
  }
}

/** How many bytes at the end may begin the line that ends it. */
function tailOf(bytes: Buffer): number {
  const last = bytes.at(-1);
  if (last === CR) return 1;
  return last === LF && bytes.at(-2) === CR ? 2 : 0;
}

/** A dot begins a line, and what comes after it decides. */
function isOpen(bytes: Buffer, at: number): boolean {
  return bytes.length === at + 3 || (bytes.length === at + 4 && bytes[at + 3] === CR);
}
