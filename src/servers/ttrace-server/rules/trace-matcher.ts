import { TRACE_LEVELS, type TraceFilter, type WireTraceEntry } from '../contract.ts';

/** Whether an entry fits a filter. The filter is prepared once, since it meets every entry. */
export function traceMatcher(filter: TraceFilter): (entry: WireTraceEntry) => boolean {
  const least = TRACE_LEVELS.indexOf(filter.level);
  const components = filter.components && new Set(filter.components);
  const text = filter.text?.toLowerCase();
  return (entry) =>
    TRACE_LEVELS.indexOf(entry.level) >= least &&
    (components === undefined || components.has(entry.component)) &&
    (text === undefined || wordsOf(entry).includes(text));
}

const wordsOf = ({ event, detail, cause = '' }: WireTraceEntry): string =>
  `${event}\n${detail ? JSON.stringify(detail) : ''}\n${cause}`.toLowerCase();
