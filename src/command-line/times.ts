/** Times as they are written at the command line. */
import type { Instant } from '#base/time.ts';

/** A date, in UTC, or a date and a time, in this machine's time zone where none is named. */
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Reads a time that an option names. @throws {Error} One sentence. */
export function readTime(text: string, option: string): Instant {
  const [whole = '', date = ''] = ISO.exec(text) ?? [];
  const at = isDate(date) ? Date.parse(whole.replace(' ', 'T')) : NaN;
  if (!Number.isNaN(at)) return at;
  throw new Error(
    `Cannot read ${option} "${text}": write a time as 2026-01-31T12:00Z, or a date as 2026-01-31`,
  );
}

/** The language takes 30 February for 2 March. */
const isDate = (date: string): boolean => {
  const at = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
};

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
