/** What the parsing thread and its owner tell each other. Bytes change hands: they are moved, never copied. */
import type { MessageReading } from './read-message.ts';

/** Pieces of bytes behind each other; `ends` says where each ends. */
export interface Packed {
  readonly bytes: ArrayBuffer;
  readonly ends: readonly number[];
}

export type ToThread =
  /** Small messages: read them all and answer once. */
  | { readonly type: 'batch'; readonly messages: Packed }
  /** A large message follows, piece by piece as it is asked for. */
  | { readonly type: 'begin' }
  | { readonly type: 'piece'; readonly bytes: ArrayBuffer }
  | { readonly type: 'end' }
  /** The last piece of a file is written: there is room for another. */
  | { readonly type: 'taken' };

export interface BatchReading {
  readonly reading: MessageReading;
  /** How many of the batch's files are its own. */
  readonly files: number;
}

export type FromThread =
  /** It has loaded all that it needs. */
  | { readonly type: 'ready' }
  | { readonly type: 'batch'; readonly readings: readonly BatchReading[]; readonly files: Packed }
  | { readonly type: 'more' }
  | { readonly type: 'file'; readonly file: number; readonly bytes: ArrayBuffer }
  | { readonly type: 'read'; readonly reading: MessageReading };

/** One message of many arrives in as much memory as it needs, whatever buffers its bytes lie in. */
export function pack(pieces: readonly Uint8Array[]): Packed {
  const ends: number[] = [];
  let length = 0;
  for (const piece of pieces) ends.push((length += piece.length));
  const bytes = new Uint8Array(length);
  for (const [at, piece] of pieces.entries()) bytes.set(piece, (ends[at] ?? 0) - piece.length);
  return { bytes: bytes.buffer, ends };
}

export function unpack({ bytes, ends }: Packed): Buffer[] {
  return ends.map((end, at) => {
    const from = ends[at - 1] ?? 0;
    return Buffer.from(bytes, from, end - from);
  });
}
