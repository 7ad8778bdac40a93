import { type Instant, type Milliseconds, days } from '#base/time.ts';
import type { LimitState } from '../contract.ts';

/** What is known of one limit. */
export interface LimitFacts {
  /** Left out: as many as you like. */
  readonly limit: number | undefined;
  /** Seats taken, with whoever wants one now. */
  readonly used: number;
  /** When the file ends; left out: never. */
  readonly expires: Instant | undefined;
  /** When the limit was first passed, if its grace has begun. */
  readonly graceSince: Instant | undefined;
  readonly grace: Milliseconds;
  readonly now: Instant;
}

/** How a limit stands, and until when those over it still come in. */
export interface LimitJudgement {
  readonly state: LimitState;
  readonly graceEnds?: Instant;
}

/** The part of a limit that may be taken before somebody is told. */
const WARN_ABOVE = 0.9;

/** A file that ends this soon should be renewed. */
const ENDS_SOON: Milliseconds = days(30);

/** Judges a limit. An expired file is a limit passed on that day. */
export function judgeLimit(facts: LimitFacts): LimitJudgement {
  const { limit, used, expires = Infinity, grace, now } = facts;
  if (limit === undefined) return { state: 'free' };
  const isOver = used > limit;
  const since = Math.min(isOver ? (facts.graceSince ?? now) : Infinity, expires);
  if (since <= now) {
    const graceEnds = since + grace;
    return { state: now < graceEnds ? 'grace' : 'full', graceEnds };
  }
  const isNear = used > limit * WARN_ABOVE || expires - now < ENDS_SOON;
  return { state: isNear ? 'warning' : 'good' };
}

/** A grace that begins, goes on, or is given back. */
export interface Grace {
  readonly since: Instant;
  readonly lastOver: Instant;
}

/** The grace of a limit behind a moment: it is given back after as long within the limit as it lasts. */
export function nextGrace(
  before: Grace | undefined,
  facts: { readonly isOver: boolean; readonly grace: Milliseconds; readonly now: Instant },
): Grace | undefined {
  const { isOver, grace, now } = facts;
  if (isOver) return { since: before?.since ?? now, lastOver: now };
  return before && now - before.lastOver > grace ? undefined : before;
}
