import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { embeddedDirectory, readDatabaseUrl } from '#platform/database/url-file.ts';
import { databaseSettings } from '#platform/platform-settings.ts';
import { systemClock } from '#base/time.ts';
import { openTraces } from '#platform/trace/open-traces.ts';
import type { Context } from './context.ts';

/** The database of a data directory: the one that runs, or the embedded one started for the while. */
export async function reachDatabase({
  settings,
  directory,
}: Context): Promise<AsyncDisposable & { readonly url: string }> {
  const url = settings.of('database', databaseSettings).url || readDatabaseUrl(directory);
  if (url) return { url, async [Symbol.asyncDispose]() {} };
  const traces = openTraces({
    instance: 'command-line',
    clock: systemClock,
    level: 'warning',
    output: process.stderr,
  });
  return startEmbeddedPostgresql({
    directory: embeddedDirectory(directory),
    trace: traces.of('database'),
  });
}
