import { minutes } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';

/** Whoever floods a port must not flood the trace as well. */
const TELL_EVERY: Milliseconds = minutes(1);

/** Traces why connections of one row are refused: each reason at once, then how often within a minute. */
export function traceRefusals(row: string, clock: Clock, trace: Trace): (reason: string) => void {
  const told = new Map<string, { at: Milliseconds; untold: number }>();
  return (reason) => {
    const now = clock.monotonic();
    const last = told.get(reason);
    if (last && now - last.at < TELL_EVERY) {
      last.untold++;
      return;
    }
    trace.warning('door.refused', { row, reason, ...(last?.untold && { before: last.untold }) });
    told.set(reason, { at: now, untold: 0 });
  };
}
