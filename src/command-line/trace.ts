import type { z } from 'zod';
import { readLines } from '#platform/lines/read.ts';
import { portRow } from '#platform/ports/ports.ts';
import type { TraceFormat } from '#platform/trace/format.ts';
import { formatEntry } from '#platform/trace/format.ts';
import type { TraceEntry } from '#platform/trace/trace.ts';
import {
  ConsoleFilter,
  TRACE_STREAMS,
  TTRACE_ROWS,
  TraceRange,
  WireTraceEntry,
} from '#servers/ttrace-server/contract.ts';
import { lineAddress } from './connect.ts';
import { readTime } from './times.ts';

export interface TraceOptions {
  readonly level?: string;
  readonly component?: readonly string[];
  readonly text?: string;
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** `emcee trace`: what all components do, live until Ctrl-C; or with `--from` what was kept. */
export async function followTrace(directory: string, options: TraceOptions): Promise<void> {
  const isRange = options.from !== undefined || options.to !== undefined;
  const filter = isRange ? rangeOf(options) : liveOf(options);
  const row = isRange ? TTRACE_ROWS.data : TTRACE_ROWS.console;
  const { destination } = portRow(row);
  const entries = readLines({
    address: async () => {
      const { host, token } = lineAddress(destination, directory, (place) => place.row === row);
      return { url: `tcp://${host}`, token };
    },
    stream: isRange ? TRACE_STREAMS.data : TRACE_STREAMS.console,
    filter,
  });
  const format = formatOf(options);
  for await (const { event } of entries) {
    const entry = WireTraceEntry.safeParse(event);
    if (entry.success) process.stdout.write(formatEntry(entryOf(entry.data), format));
  }
}

function formatOf({ json }: TraceOptions): TraceFormat {
  if (json) return 'json';
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? 'colour' : 'text';
}

const commonOf = ({ level, component, text }: TraceOptions) => ({
  level,
  components: component?.flatMap((names) => names.split(',')),
  text,
});

function liveOf(options: TraceOptions): ConsoleFilter {
  return parse(ConsoleFilter, { ...commonOf(options), last: Number(options.last ?? 20) });
}

function rangeOf(options: TraceOptions): TraceRange {
  const from = options.from === undefined ? 0 : readTime(options.from, '--from');
  const to = options.to === undefined ? Date.now() : readTime(options.to, '--to');
  return parse(TraceRange, { ...commonOf(options), from, to });
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(
    'Cannot ask for such traces: levels are debug, info, warning and fault, --last at most 10000',
  );
}

/** Without the members that are there and undefined. */
function entryOf({ detail, cause, ...entry }: WireTraceEntry): TraceEntry {
  return { ...entry, ...(detail && { detail }), ...(cause !== undefined && { cause }) };
}
