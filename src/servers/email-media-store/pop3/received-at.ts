import type { Instant } from '#base/time.ts';

/** The header of a message is within its first bytes; more are not looked at. */
const LOOKED_AT = 65_536;

/**
 * When the last server on its way took a message: the date at the end of the first `Received` field (RFC 5321 §4.4).
 * POP3 has no other word of it. @returns undefined where there is none.
 */
export function receivedAtOf(beginning: Uint8Array): Instant | undefined {
  const text = Buffer.from(beginning.subarray(0, LOOKED_AT)).toString('latin1');
  const end = text.search(/\r?\n\r?\n/);
  const header = (end < 0 ? text : text.slice(0, end)).replaceAll(/\r?\n[ \t]+/g, ' ');
  const [, field = ''] = /^received:(.*)$/im.exec(header) ?? [];
  const at = Date.parse(field.slice(field.lastIndexOf(';') + 1).trim());
  return Number.isNaN(at) ? undefined : at;
}
