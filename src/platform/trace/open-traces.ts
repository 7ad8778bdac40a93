import type { Writable } from 'node:stream';
import type { Clock, Milliseconds } from '#base/time.ts';
import { minutes } from '#base/time.ts';
import { describeFailure } from '#base/failure.ts';
import { cleanDetail, cleanText } from './clean-detail.ts';
import type { TraceFormat } from './format.ts';
import { formatEntry } from './format.ts';
import type { Trace, TraceEntry, TraceLevel } from './trace.ts';

/** Levels from the least to the most urgent. */
export const TRACE_LEVELS = ['debug', 'info', 'warning', 'fault'] as const;

/** Takes entries further, to a file or a trace server. Must neither wait nor throw. */
export interface TraceSink {
  take(entries: readonly TraceEntry[]): void;
}

/** Where all components of a process write their traces. */
export interface Traces {
  /** The trace of one component. */
  of(component: string): Trace;
  /** The last entries, oldest first: for a support bundle. */
  recent(): readonly TraceEntry[];
  /** Hands `sink` all recent entries, then every new one, until disposed. */
  attach(sink: TraceSink): Disposable;
  /** Entries that could not be printed because whoever reads the output was too slow. */
  readonly dropped: number;
}

export interface TracesOptions {
  /** This run of the program, in every entry. */
  readonly instance: string;
  readonly clock: Clock;
  /** Entries below it are not made at all. Default `info`. */
  readonly level?: TraceLevel;
  /** Entries below it are kept and shipped, but not printed. Default: the same as `level`. */
  readonly printLevel?: TraceLevel;
  /** Where entries are printed; left out: nowhere. */
  readonly output?: Writable & { readonly isTTY?: boolean };
  /** Left out: text on a terminal (in colour unless NO_COLOR is set), JSON elsewhere. */
  readonly format?: TraceFormat;
  /** How many entries `recent()` keeps. Default 2000: some minutes of a busy centre, under 1 MiB. */
  readonly keep?: number;
}

/** When this much waits to be printed, further entries are not: memory is worth more than traces. */
const MOST_UNPRINTED_BYTES = 1024 * 1024;

/**
 * Warnings of one event that a component makes in a minute. Strangers cause most of them: whoever floods a port must
 * not push out of the trace what is worth reading.
 */
const MOST_WARNINGS = 100;
const WINDOW: Milliseconds = minutes(1);

/** Opens the traces of a process. */
export function openTraces(options: TracesOptions): Traces {
  const { instance, clock, output, level = 'info', keep = 2_000 } = options;
  const lowest = TRACE_LEVELS.indexOf(level);
  const lowestPrinted = TRACE_LEVELS.indexOf(options.printLevel ?? level);
  const format = options.format ?? usualFormat(output);
  const sinks = new Set<TraceSink>();
  const ring: TraceEntry[] = [];
  let oldest = 0;
  let dropped = 0;
  // Whoever read the output may have gone away (`emcee start | head`); tracing is no reason to fail.
  output?.on('error', () => undefined);

  function write(entry: TraceEntry): void {
    if (ring.length < keep) ring.push(entry);
    else ring[oldest++ % keep] = entry;
    for (const sink of sinks) sink.take([entry]);
    if (!output?.writable || TRACE_LEVELS.indexOf(entry.level) < lowestPrinted) return;
    if (output.writableLength > MOST_UNPRINTED_BYTES) dropped++;
    else output.write(formatEntry(entry, format));
  }

  const recent = (): TraceEntry[] => {
    const first = ring.length < keep ? 0 : oldest % keep;
    return [...ring.slice(first), ...ring.slice(0, first)];
  };

  return {
    recent,
    get dropped() {
      return dropped;
    },
    attach(sink) {
      sink.take(recent());
      sinks.add(sink);
      return { [Symbol.dispose]: () => void sinks.delete(sink) };
    },
    of(component) {
      const warned = new Map<string, Warned>();
      const at = (
        level: TraceLevel,
        event: string,
        detail?: Readonly<Record<string, unknown>>,
        cause?: unknown,
      ): void => {
        if (TRACE_LEVELS.indexOf(level) < lowest) return;
        const untold = level === 'warning' ? countWarning(warned, event, clock.monotonic()) : 0;
        if (untold === undefined) return;
        const told = untold > 0 ? { ...detail, untold } : detail;
        write({
          at: clock.now(),
          component,
          instance,
          level,
          event: cleanText(event),
          ...(told && { detail: cleanDetail(told) }),
          ...(cause !== undefined && { cause: cleanText(describeFailure(cause)) }),
        });
      };
      return {
        debug: (event, detail) => at('debug', event, detail),
        info: (event, detail) => at('info', event, detail),
        warning: (event, detail, cause) => at('warning', event, detail, cause),
        fault: (event, cause, detail) => at('fault', event, detail, cause),
      };
    },
  };
}

interface Warned {
  readonly since: Milliseconds;
  count: number;
}

/** How many like it were left out before this one; nothing where this one is to be left out too. */
function countWarning(
  warned: Map<string, Warned>,
  event: string,
  now: Milliseconds,
): number | undefined {
  const last = warned.get(event);
  if (last && now - last.since < WINDOW) {
    return ++last.count > MOST_WARNINGS ? undefined : 0;
  }
  warned.set(event, { since: now, count: 1 });
  return Math.max(0, (last?.count ?? 0) - MOST_WARNINGS);
}

function usualFormat(output: TracesOptions['output']): TraceFormat {
  if (!output?.isTTY) return 'json';
  return process.env['NO_COLOR'] ? 'text' : 'colour';
}
