import type { Instant, Milliseconds } from '#base/time.ts';

export interface SessionTimes {
  readonly openedAt: Instant;
  readonly usedAt: Instant;
}

export interface SessionLimits {
  readonly idle: Milliseconds;
  readonly longest: Milliseconds;
}

/** When a session ends if nobody uses it any more. */
export function endOf(times: SessionTimes, limits: SessionLimits): Instant {
  return Math.min(times.usedAt + limits.idle, times.openedAt + limits.longest);
}

/** How old the stored time of last use may be: writing it at every request would cost a write per request. */
export function noteUseEvery(limits: SessionLimits): Milliseconds {
  return Math.min(60_000, limits.idle / 4);
}
