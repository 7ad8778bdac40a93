import type { TraceEntry, TraceLevel } from './trace.ts';

/** How entries look when they are printed. */
export type TraceFormat = 'text' | 'colour' | 'json';

const WORD: Readonly<Record<TraceLevel, string>> = {
  debug: 'debug  ',
  info: 'info   ',
  warning: 'WARNING',
  fault: 'FAULT  ',
};
const COLOUR: Readonly<Record<TraceLevel, string>> = {
  debug: '\u001B[2m',
  info: '',
  warning: '\u001B[33m',
  fault: '\u001B[31m',
};
const PLAIN = '\u001B[0m';

/** One line, with its line end: JSON for programs, columns for people. */
export function formatEntry(entry: TraceEntry, format: TraceFormat): string {
  const time = new Date(entry.at).toISOString();
  if (format === 'json') return `${JSON.stringify({ ...entry, at: time })}\n`;
  const detail = Object.entries(entry.detail ?? {})
    .map(([key, value]) => ` ${key}=${formatValue(value)}`)
    .join('');
  const cause = entry.cause === undefined ? '' : ` — ${oneLine(entry.cause)}`;
  const line = `${time} ${WORD[entry.level]} ${entry.component} ${entry.event}${detail}${cause}`;
  const colour = format === 'colour' ? COLOUR[entry.level] : '';
  return colour === '' ? `${line}\n` : `${colour}${line}${PLAIN}\n`;
}

const formatValue = (value: unknown): string =>
  typeof value === 'string' && /^[^\s="]+$/.test(value) ? oneLine(value) : JSON.stringify(value);

/** What came from outside must not start a line of its own, nor drive the terminal. */
const oneLine = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (char) =>
    char === '\n' ? '\\n' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
