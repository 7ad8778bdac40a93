import type { Milliseconds } from '#base/time.ts';
import { minutes } from '#base/time.ts';

/** A crash now and then is over before anybody notices. */
const FIRST: Milliseconds = 100;
/** Often enough to be back soon after the cause is gone, seldom enough to cost nothing until then. */
const LONGEST: Milliseconds = 30_000;
/** Who ran this long has recovered; its next crash is a new one. */
const RECOVERED_AFTER: Milliseconds = minutes(1);

/** How often a child has crashed without recovering in between, and how long to wait now. */
export interface Restart {
  readonly crashes: number;
  readonly delay: Milliseconds;
}

/** The wait after a crash: doubles from 100 ms up to 30 s, and starts over after a minute of running. */
export function restartAfterCrash(crashesBefore: number, ranFor: Milliseconds): Restart {
  const crashes = ranFor >= RECOVERED_AFTER ? 1 : crashesBefore + 1;
  return { crashes, delay: Math.min(FIRST * 2 ** Math.min(crashes - 1, 16), LONGEST) };
}
