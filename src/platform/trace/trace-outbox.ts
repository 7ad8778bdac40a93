import type { LineDialer } from '#platform/lines/lines.ts';
import type { TraceSink } from './open-traces.ts';
import type { TraceEntry } from './trace.ts';

/** Holds what a trace server has not taken yet. What does not fit is counted, and the count is sent. */
export interface TraceOutbox extends TraceSink {
  /** Hand this to `peers.dial('ttrace-server', …)`. */
  readonly dialer: LineDialer;
  /** How many entries did not fit. */
  readonly dropped: number;
}

/** Half an hour of an ordinary centre without its trace server; about 5 MiB. */
const MOST_HELD = 10_000;

/** Makes an outbox for the entries of one run of the program. */
export function makeTraceOutbox(instance: string, mostHeld: number = MOST_HELD): TraceOutbox {
  const held: { readonly n: number; readonly event: TraceEntry }[] = [];
  let last = 0;
  let dropped = 0;
  let unreported = 0;
  let more = Promise.withResolvers<void>();

  function hold(event: TraceEntry): void {
    held.push({ n: ++last, event });
    more.resolve();
    more = Promise.withResolvers();
  }

  async function* events(since: number, signal: AbortSignal): ReturnType<LineDialer['events']> {
    const ended = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => ended.resolve(), { once: true });
    let sent = since;
    while (!signal.aborted) {
      const first = held[0]?.n ?? 0;
      const next = held[Math.max(sent + 1 - first, 0)]; // numbers have no gaps
      if (next) {
        sent = next.n;
        yield next;
      } else {
        await Promise.race([more.promise, ended.promise]);
      }
    }
  }

  return {
    get dropped() {
      return dropped;
    },
    take(entries) {
      for (const entry of entries) {
        if (held.length >= mostHeld) {
          dropped++;
          unreported++;
          continue;
        }
        if (unreported > 0) {
          hold({
            ...entry,
            level: 'warning',
            event: 'trace.dropped',
            detail: { count: unreported },
          });
          unreported = 0;
        }
        hold(entry);
      }
    },
    dialer: {
      stream: `trace.${instance}`,
      events,
      acknowledged(n) {
        const first = held.findIndex((each) => each.n > n);
        held.splice(0, first === -1 ? held.length : first);
      },
    },
  };
}
