import { newId } from '#base/id.ts';
import type { Instant } from '#base/time.ts';

let last = 0;

/**
 * An id that sorts behind all that were given in this process before: what its server received in one second is
 * filed in the order in which it came. Its time may be ahead of the clock by as many milliseconds as ids are asked for.
 */
export function risingId(): string {
  last = Math.max(Date.now(), last + 1);
  return newId(last);
}

/** The least id that can be given at an instant. */
export const firstIdOf = (at: Instant): string => `${newId(at).slice(0, 14)}7000-8000-000000000000`;
