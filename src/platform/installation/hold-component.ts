import { join } from 'node:path';
import { pause } from '#base/keep-trying.ts';
import type { ComponentName } from '#base/component-name.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import { DirectoryInUseError, holdDirectory } from '#platform/database/directory-lock.ts';

/** A program whose parent was killed ends within two seconds; the one started next must not trip over it. */
const PATIENCE: Milliseconds = seconds(4);
const EVERY: Milliseconds = 100;

/** A component of an installation runs already, in another process. */
export class ComponentInUseError extends Error {
  override readonly name = 'ComponentInUseError';
}

/**
 * Makes this process the only one that runs `component` on a data directory, until disposed or until the
 * process ends in whatever way.
 *
 * @throws {ComponentInUseError} If another process still runs it after some seconds.
 */
export async function holdComponent(
  directory: string,
  component: ComponentName,
  clock: Clock,
): Promise<Disposable> {
  const deadline = clock.monotonic() + PATIENCE;
  for (;;) {
    try {
      return holdDirectory(join(directory, 'locks', component));
    } catch (cause) {
      if (!(cause instanceof DirectoryInUseError)) throw cause;
      if (clock.monotonic() >= deadline) {
        const whom = cause.holder === 0 ? 'another process' : `process ${cause.holder}`;
        throw new ComponentInUseError(
          `Cannot use the data directory "${directory}": ${whom} runs ${component} in it; stop that one, or name another directory by EMCEE_DATA`,
          { cause },
        );
      }
    }
    await pause(clock, EVERY, new AbortController().signal);
  }
}
