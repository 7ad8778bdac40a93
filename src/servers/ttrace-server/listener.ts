import { COMPONENTS } from '#base/component-name.ts';
import { Refusal } from '#base/refusal.ts';
import type { LineListener, NumberedEvent } from '#platform/lines/lines.ts';
import { TRACE_STREAM_PREFIX, WireTraceEntry } from './contract.ts';
import type { TraceStore } from './trace-store.ts';

/** Instances remembered: a program that comes back goes on where it was. */
const MOST_INSTANCES = 1_000;

/** Takes what every component traces. */
export function traceListener(store: TraceStore): LineListener {
  const held = new Map<string, number>();
  return {
    roles: [...COMPONENTS, 'command-line'],
    async open({ stream }) {
      if (!stream.startsWith(TRACE_STREAM_PREFIX)) {
        throw new Refusal(
          'unknown-stream',
          `A stream of traces is "${TRACE_STREAM_PREFIX}INSTANCE"`,
        );
      }
      return {
        resume: held.get(stream) ?? 0,
        async take(batch) {
          await store.add(batch.map(toEntry));
          const last = batch.at(-1)?.n ?? 0;
          held.delete(stream); // the one that spoke last is forgotten last
          held.set(stream, last);
          const [oldest] = held.keys();
          if (held.size > MOST_INSTANCES && oldest !== undefined) held.delete(oldest);
          return last;
        },
      };
    },
  };
}

function toEntry({ n, event }: NumberedEvent): WireTraceEntry {
  const entry = WireTraceEntry.safeParse(event);
  if (entry.success) return entry.data;
  throw new Refusal('bad-record', `Event ${n} is no trace entry`, { n });
}
