/**
 * An entry as a line of a file: `{"n":NUMBER, …the entry}` and a line end. A program that was killed
 * leaves half a line at most, at the end.
 */
import { z } from 'zod';
import { WireTraceEntry } from '../contract.ts';

const KeptLine = WireTraceEntry.extend({ n: z.int().min(1) });

/** An entry under its number. */
export interface KeptEntry {
  readonly n: number;
  readonly entry: WireTraceEntry;
}

const LINE_END = 0x0a;

export const encodeLine = ({ n, entry }: KeptEntry): string =>
  `${JSON.stringify({ n, ...entry })}\n`;

/** The entry of a line; nothing where it is none, whatever came over the disk. */
export function decodeLine(line: string): KeptEntry | undefined {
  try {
    const parsed = KeptLine.safeParse(JSON.parse(line));
    if (!parsed.success) return undefined;
    const { n, ...entry } = parsed.data;
    return { n, entry };
  } catch {
    return undefined;
  }
}

/** Splits bytes into whole lines and the rest. */
export function splitLines(bytes: Buffer): { readonly lines: string[]; readonly rest: Buffer } {
  const end = bytes.lastIndexOf(LINE_END);
  if (end < 0) return { lines: [], rest: bytes };
  return { lines: bytes.toString('utf8', 0, end).split('\n'), rest: bytes.subarray(end + 1) };
}
