/**
 * What the trace server promises, on its three rows of JSON Lines: takes what every component traces
 * (10400), shows it live (10401) and hands out what was kept (10403). Masks stay as the sender set them.
 */
import { z } from 'zod';
import { Instant } from '#domain/ids.ts';

/** The rows of the port matrix it serves. */
export const TTRACE_ROWS = {
  in: 'ttrace-server',
  console: 'ttrace-console',
  data: 'ttrace-data',
} as const;

/** Entries come in under this and the sender's instance: `trace.INSTANCE`; each copy numbers its own. */
export const TRACE_STREAM_PREFIX = 'trace.';

/** In rising order of urgency. */
export const TRACE_LEVELS = ['debug', 'info', 'warning', 'fault'] as const;

/** An entry as it comes over the wire. */
export const WireTraceEntry = z.object({
  at: Instant,
  component: z.string().min(1).max(64),
  instance: z.string().min(1).max(64),
  level: z.enum(TRACE_LEVELS),
  event: z.string().min(1).max(200),
  detail: z.record(z.string(), z.unknown()).optional(),
  cause: z.string().max(20_000).optional(),
});
export type WireTraceEntry = z.infer<typeof WireTraceEntry>;

/** What to show: entries that fit all that is given. */
export const TraceFilter = z.object({
  /** This urgent or more. */
  level: z.enum(TRACE_LEVELS).default('debug'),
  /** Only these; left out: all. */
  components: z.array(z.string().max(64)).max(50).optional(),
  /** Somewhere in event, detail or cause, without regard to case. */
  text: z.string().max(200).optional(),
});
export type TraceFilter = z.infer<typeof TraceFilter>;

/** The filter of stream `console`: first the newest `last` entries that fit, then all to come. */
export const ConsoleFilter = TraceFilter.extend({ last: z.int().min(0).max(10_000).default(0) });
export type ConsoleFilter = z.infer<typeof ConsoleFilter>;

/** The filter of stream `data`: what was kept of a time range, in the order in which it came; then it ends. */
export const TraceRange = TraceFilter.extend({ from: Instant, to: Instant });
export type TraceRange = z.infer<typeof TraceRange>;

/** The streams that a reader asks for: the first on row `ttrace-console`, the second on `ttrace-data`. */
export const TRACE_STREAMS = { console: 'console', data: 'data' } as const;

/** Who may look at traces. */
export const TRACE_READERS = ['command-line', 'desktop-server', 'ttrace-console'] as const;
