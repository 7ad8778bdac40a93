/** How fast a line moves: what its latest answers and departures tell of the next ones. */
import { hours, type Instant, type Milliseconds } from '#base/time.ts';

/** What is remembered of a line. A few numbers, so that a centre keeps it for every queue. */
export interface Pace {
  /** When an agent last answered from the line. */
  readonly answeredAt: Instant;
  /** How long that customer had waited in it. */
  readonly lastWait: Milliseconds;
  /** How many intervals between answers count, at most `MOST_INTERVALS`. */
  readonly intervals: number;
  /** Their mean, and the mean of their squares; 0 while there are none. */
  readonly mean: Milliseconds;
  readonly square: number;
}

/** An answer: when, and since when the customer had been in the line. */
export interface Answer {
  readonly at: Instant;
  readonly queuedAt: Instant;
}

/**
 * Whether the pace still tells how the line moves: somebody was answered within the hour, and whoever
 * stands first has not waited in vain for far longer than it takes; then agents have gone.
 *
 * @param headWaited How long whoever stands first has waited; nothing where nobody waits.
 */
export function isCurrent(
  { answeredAt, mean }: Pace,
  at: Instant,
  headWaited: Milliseconds = 0,
): boolean {
  const silence = at - answeredAt;
  if (silence < 0 || silence > FORGOTTEN_AFTER) return false;
  return mean === 0 || Math.min(silence, headWaited) <= LONGEST_SILENCE * mean;
}

/** By chance one of twenty thousand intervals is as many times the mean. */
const LONGEST_SILENCE = 10;

/** The older ones fade: enough to be sure of a mean, few enough to follow the hour. */
export const MOST_INTERVALS = 40;

/** What is older says nothing of now. */
const FORGOTTEN_AFTER: Milliseconds = hours(1);

/**
 * The pace after one more answer. An interval counts if whoever was answered had been waiting all through
 * it: only then it tells how fast agents come free, and not how seldom customers come.
 */
export function paceAfter(before: Pace | undefined, { at, queuedAt }: Answer): Pace {
  const lastWait = Math.max(0, at - queuedAt);
  const gone = before && at - before.answeredAt;
  if (!before || gone === undefined || gone < 0 || gone > FORGOTTEN_AFTER) {
    return { answeredAt: at, lastWait, intervals: 0, mean: 0, square: 0 };
  }
  if (queuedAt > before.answeredAt) return { ...before, answeredAt: at, lastWait };
  const intervals = Math.min(before.intervals + 1, MOST_INTERVALS);
  const weight = 1 / intervals;
  return {
    answeredAt: at,
    lastWait,
    intervals,
    mean: before.mean + weight * (gone - before.mean),
    square: before.square + weight * (gone * gone - before.square),
  };
}
