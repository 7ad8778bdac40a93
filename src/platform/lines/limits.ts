import { seconds } from '#base/time.ts';
import type { Milliseconds } from '#base/time.ts';

/** What one connection may use up. */
export interface LineLimits {
  /** The longest line, in bytes, without its end. */
  readonly lineBytes: number;
  /** Events that wait for the listener to store what it has: more, and no further line is read. */
  readonly waitingEvents: number;
  /** The same in bytes. */
  readonly waitingBytes: number;
  /** Events sent and not acknowledged yet: more, and the dialer asks its store for no further one. */
  readonly unacknowledged: number;
  /** How long a first line, or the answer to it, may take. */
  readonly helloWithin: Milliseconds;
  /** How long a listener may take to store what it has when it closes, and a feed to end. */
  readonly drain: Milliseconds;
  /** A side that has nothing to say says so this often … */
  readonly beatEvery: Milliseconds;
  /** … and is given up after this silence: three beats. */
  readonly silence: Milliseconds;
}

export const LINE_LIMITS: LineLimits = {
  lineBytes: 1024 * 1024,
  waitingEvents: 1_000,
  waitingBytes: 1024 * 1024,
  unacknowledged: 10_000,
  helloWithin: seconds(5),
  drain: seconds(5),
  beatEvery: seconds(10),
  silence: seconds(30),
};

/** The version of this wire. */
export const LINES_VERSION = 1;
