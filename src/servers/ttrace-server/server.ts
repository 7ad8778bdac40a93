import { join } from 'node:path';
import { Counter } from 'prom-client';
import type { Platform, Running } from '#platform/platform.ts';
import { ttraceServerSettings } from './config.ts';
import { TTRACE_ROWS } from './contract.ts';
import { consoleFeed, dataFeed } from './feeds.ts';
import { TraceFiles } from './files/trace-files.ts';
import { traceListener } from './listener.ts';
import { TraceStore } from './trace-store.ts';

const LOST = 'emcee_ttrace_server_lost_entries_total';

/** Starts the trace server; resolves once it takes traces in and shows them. */
export async function startTtraceServer(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { doors, directory, metrics } = platform;
  const settings = platform.settings(ttraceServerSettings);
  const files = life.use(
    await TraceFiles.open(join(directory, 'ttrace-server'), { keptBytes: settings['kept-bytes'] }),
  );
  const lost = new Counter({
    name: LOST,
    help: 'Trace entries that came and could not be kept',
    registers: [metrics],
  });
  life.defer(() => metrics.removeSingleMetric(LOST));
  const { clock, health } = platform;
  const store = new TraceStore(files, { clock, health, lost: (count) => lost.inc(count) });
  life.use(await doors.lines(TTRACE_ROWS.data, dataFeed(store)));
  life.use(await doors.lines(TTRACE_ROWS.console, consoleFeed(store)));
  life.use(await doors.lines(TTRACE_ROWS.in, traceListener(store)));
  return life.move();
}
