import type { z } from 'zod';
import { Refusal } from '#base/refusal.ts';
import type { LineFeed } from '#platform/lines/lines.ts';
import { ConsoleFilter, TRACE_READERS, TRACE_STREAMS, TraceRange } from './contract.ts';
import { traceMatcher } from './rules/trace-matcher.ts';
import type { TraceStore } from './trace-store.ts';

/** The live console: what fits as it comes, from now on, from a number on, or with the last few before. */
export function consoleFeed(store: TraceStore): LineFeed {
  return {
    roles: TRACE_READERS,
    async *follow({ stream, since, filter }, signal) {
      refuseOther(stream, TRACE_STREAMS.console);
      const asked = parse(ConsoleFilter, filter ?? {});
      const fits = traceMatcher(asked);
      const behind = since ?? (await store.before(asked.last, fits));
      for await (const { n, entry } of store.follow(behind, fits, signal))
        yield { n, event: entry };
    },
  };
}

/** What was kept of a time range: the support bundle. Ends with the range. */
export function dataFeed(store: TraceStore): LineFeed {
  return {
    roles: TRACE_READERS,
    async *follow({ stream, since = 0, filter }, signal) {
      refuseOther(stream, TRACE_STREAMS.data);
      const { from, to, ...rest } = parse(TraceRange, filter);
      for await (const { n, entry } of store.range(from, to, traceMatcher(rest))) {
        if (signal.aborted) return;
        if (n > since) yield { n, event: entry };
      }
    },
  };
}

function refuseOther(stream: string, known: string): void {
  if (stream === known) return;
  throw new Refusal('unknown-stream', `There is no stream "${stream}" here: ask for "${known}"`);
}

function parse<S extends z.ZodType>(schema: S, filter: unknown): z.infer<S> {
  const parsed = schema.safeParse(filter);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(
    'bad-filter',
    `The filter is wrong at "${issue?.path.join('.')}": ${issue?.message}`,
  );
}
