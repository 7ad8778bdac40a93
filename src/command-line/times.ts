/** Times as they are written at the command line. */
import type { Instant } from '#base/time.ts';

/** Reads a time that an option names. @throws {Error} One sentence. */
export function readTime(text: string, option: string): Instant {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new Error(`Cannot read ${option} "${text}": write a time as 2026-01-31T12:00Z`);
}

/** `2026-01-31 12:00:05` in this machine's time zone. */
export function printTime(at: Instant): string {
  const time = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${printTimeOfDay(at)}`;
}

/** `12:00:05` in this machine's time zone. */
export function printTimeOfDay(at: Instant): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((n) => String(n).padStart(2, '0'))
    .join(':');
}
