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

/** The right of a process to run one copy of a component. */
export interface HeldComponent extends Disposable {
  /** Which copy, from 1. */
  readonly copy: number;
  /** The copy's name among the files of the data directory: `media-director`, `media-director.2`. */
  readonly name: string;
}

/**
 * Makes this process the only one that runs this copy of `component` on a data directory, until disposed or
 * until the process ends in whatever way.
 *
 * @param copies How many there may be.
 * @throws {ComponentInUseError} If other processes still run all of them after some seconds.
 */
export async function holdComponent(
  directory: string,
  component: ComponentName,
  clock: Clock,
  copies = 1,
): Promise<HeldComponent> {
  const deadline = clock.monotonic() + PATIENCE;
  for (;;) {
    let inUse: DirectoryInUseError | undefined;
    for (let copy = 1; copy <= copies; copy++) {
      const name = copy === 1 ? component : `${component}.${copy}`;
      try {
        const held = holdDirectory(join(directory, 'locks', name));
        return { copy, name, [Symbol.dispose]: () => held[Symbol.dispose]() };
      } catch (cause) {
        if (!(cause instanceof DirectoryInUseError)) throw cause;
        inUse ??= cause;
      }
    }
    if (inUse && clock.monotonic() >= deadline) {
      const whom = inUse.holder === 0 ? 'another process' : `process ${inUse.holder}`;
      throw new ComponentInUseError(
        `Cannot use the data directory "${directory}": ${whom} runs ${component} in it; stop that one, or name another directory by EMCEE_DATA`,
        { cause: inUse },
      );
    }
    await pause(clock, EVERY, new AbortController().signal);
  }
}
