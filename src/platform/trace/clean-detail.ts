import { maskCardNumbers } from '#base/card-numbers.ts';
import { describeFailure } from '#base/failure.ts';

/** Deep enough for `{ item: { queue: … } }`; what is deeper is content, which traces do not hold. */
const DEEPEST = 4;
/** Keys of an object, and members of a list. */
const WIDEST = 32;
/** Characters of one text: an error of PostgreSQL fits, a message body does not. */
export const LONGEST_TEXT = 1_000;

const SECRET_KEY = /passw|secret|token|authori[sz]ation|cookie|passphrase|private-?key/i;

/**
 * A copy of `detail` that is safe to keep and to print: bounded in depth, width and length, card numbers
 * masked, and what a key calls a secret left out. Never throws.
 */
export function cleanDetail(detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return cleanObject(detail, 1);
  } catch (error) {
    return { unreadable: cleanText(describeFailure(error)) }; // a getter or a proxy that throws
  }
}

/** Masks and bounds one text. */
export function cleanText(text: string): string {
  const bounded = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return maskCardNumbers(bounded);
}

function cleanObject(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const kept = entries
    .slice(0, WIDEST)
    .map(([key, member]) => [
      cleanText(key),
      SECRET_KEY.test(key) ? '[secret]' : cleanValue(member, depth + 1),
    ]);
  if (entries.length > WIDEST) kept.push(['…', `${entries.length - WIDEST} more`]);
  return Object.fromEntries(kept);
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'object') return cleanStructure(value, depth);
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number' && typeof value !== 'bigint') return `[${typeof value}]`;
  const digits = maskCardNumbers(String(value));
  return typeof value === 'number' && digits === String(value) ? value : digits;
}

function cleanStructure(value: object | null, depth: number): unknown {
  if (value === null) return null;
  if (value instanceof Error) return cleanText(describeFailure(value));
  if (value instanceof Date) return Number.isNaN(value.valueOf()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth > DEEPEST) return '[…]';
  if (!Array.isArray(value)) return cleanObject(value, depth);
  const kept = value.slice(0, WIDEST).map((member) => cleanValue(member, depth + 1));
  return value.length > WIDEST ? [...kept, `… ${value.length - WIDEST} more`] : kept;
}
