import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { ComponentName } from '#base/component-name.ts';
import { messageOf } from '#base/failure.ts';
import { newId } from '#base/id.ts';
import type { Milliseconds } from '#base/time.ts';
import { seconds, systemClock } from '#base/time.ts';
import { startComponents } from '#platform/assemble.ts';
import type { ComponentDefinitions } from '#platform/component.ts';
import { prepareDataDirectory } from '#platform/installation/data-directory.ts';
import { processSettings, traceSettings } from '#platform/platform-settings.ts';
import { runChild } from '#platform/processes/child.ts';
import { EXIT_CANNOT_START } from '#platform/processes/messages.ts';
import { openTraces } from '#platform/trace/open-traces.ts';
import {
  askApplicationManagement,
  joinApplicationManagement,
} from '#servers/application-management/membership.ts';
import type { Context } from './context.ts';
import { openContext } from './context.ts';
import type { CommonOptions } from './options.ts';
import { desktopServerSettings } from '#servers/desktop-server/config.ts';
import { welcome } from './welcome.ts';

/** By then everything that an idle centre runs has been compiled. */
const FLUSH_AFTER: Milliseconds = seconds(5);

/** Runs components in this process until told to stop; resolves with the exit code. */
export async function startAlone(
  options: CommonOptions,
  components: ComponentDefinitions,
  run: readonly ComponentName[],
): Promise<number> {
  let context: Context;
  try {
    // First of all: a directory that cannot be used is told as that, not by the first file in it.
    context = await openContext(components, options, prepareDataDirectory);
  } catch (error) {
    complain(messageOf(error));
    return EXIT_CANNOT_START;
  }
  const { settings, directory } = context;
  const instance = newId();
  const { level, print } = settings.of('trace', traceSettings);
  const traces = openTraces({
    instance,
    clock: systemClock,
    level,
    printLevel: print,
    output: process.stderr,
  });
  process.title = run.length === components.size ? 'emcee all' : `emcee ${run.join(',')}`;
  return runChild({
    clock: systemClock,
    trace: traces.of('process'),
    drain: settings.of('process', processSettings).drain,
    complain,
    start: async (signal) => {
      if (!existsSync(join(directory, 'secret.key'))) {
        console.log(`First start in ${directory}: making the database and certificates …`);
      }
      const system = await startComponents({
        components,
        run,
        directory,
        settings,
        traces,
        instance,
        clock: systemClock,
        signal,
        join: joinApplicationManagement,
        lookUp: askApplicationManagement,
      });
      const { lab } = settings.of('desktop-server', desktopServerSettings);
      // Not only at the end, which a power cut or a kill would never reach.
      setTimeout(flushCompileCache, FLUSH_AFTER).unref();
      await welcome(system, directory, lab);
      return system;
    },
  });
}

function complain(sentence: string): void {
  for (const line of sentence.split('\n')) console.error(`emcee: ${line}`);
}
