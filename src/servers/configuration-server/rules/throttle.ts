/**
 * How fast a login may be tried. After a few wrong passwords each further one must wait, twice as long as
 * the last; and as time passes the wrong ones are forgiven, so that nobody stays locked out.
 */
import { minutes, seconds } from '#base/time.ts';
import type { Milliseconds } from '#base/time.ts';

/** Wrong passwords so far, and when the newest was tried, by a clock that never goes back. */
export interface Tries {
  readonly wrong: number;
  readonly last: Milliseconds;
}

/** What somebody mistypes on a Monday morning costs them nothing. */
const FREE = 5;
/** Long enough that guessing is hopeless (1,440 a day), short enough that a stranger cannot keep an agent out. */
const LONGEST: Milliseconds = minutes(1);
/** One wrong password is forgiven in each of these. */
const FORGIVEN_IN: Milliseconds = minutes(5);

/** How long the next try must wait; 0 when it may come now. */
export function waitOf(tries: Tries | undefined, now: Milliseconds): Milliseconds {
  if (!tries) return 0;
  const wrong = standing(tries, now);
  if (wrong < FREE) return 0;
  const delay = Math.min(LONGEST, seconds(1) * 2 ** (wrong - FREE));
  return Math.max(0, tries.last + delay - now);
}

/** The tries after one more that is not known to be right. */
export function triedAt(tries: Tries | undefined, now: Milliseconds): Tries {
  return { wrong: (tries ? standing(tries, now) : 0) + 1, last: now };
}

/** Whether nothing of it counts any more. */
export const isForgiven = (tries: Tries, now: Milliseconds): boolean => standing(tries, now) === 0;

const standing = ({ wrong, last }: Tries, now: Milliseconds): number =>
  Math.max(0, wrong - Math.floor((now - last) / FORGIVEN_IN));
