/** How long a customer will still wait, as an interval: to be told, and to be held to it. */
import { days, type Instant, type Milliseconds } from '#base/time.ts';
import { isCurrent, type Pace } from './pace.ts';

/** From now on at least and at most: meant to hold for four of five customers. */
export interface Estimate {
  readonly least: Milliseconds;
  readonly most: Milliseconds;
}

/** What an estimate goes by. */
export interface LineNow {
  readonly at: Instant;
  readonly pace: Pace | undefined;
  /** How many are to be served before. */
  readonly ahead: number;
  /** How long this customer has waited in the line already; 0 for one who comes now. */
  readonly waited: Milliseconds;
  /** How long whoever stands first has waited; nothing where nobody else waits. */
  readonly headWaited: Milliseconds | undefined;
}

/** @returns Nothing where too little is known: then nothing may be told. */
export type Estimator = (line: LineNow) => Estimate | undefined;

/** One in ten waits less than the interval says, one in ten more: the quantile of the normal distribution. */
const TENTH = 1.2816;

/** With fewer intervals than this nobody knows how fast a line moves. */
const FEWEST_INTERVALS = 5;

/** Before much is known of how irregular a line is, it counts as one without memory, as if seen so often. */
const USUAL_IRREGULARITY = 1;
const SEEN_BEFORE = 10;

/**
 * The squared coefficient of variation by the head of the line, times the number who have come since: two
 * in theory, where lines are long and steady; half as much again in lines as they are.
 */
const VARIATION_BY_HEAD = 3;

/** Nobody is told a longer wait: that is no line any more. */
const LONGEST: Milliseconds = days(1);

/**
 * By the length of the queue: as many intervals between answers as there are customers up to this one. Best
 * where a line moves as it has been moving, however long it has become meanwhile.
 */
export const byQueueLength: Estimator = ({ at, pace, ahead, headWaited }) => {
  if (!pace || !isCurrent(pace, at, headWaited)) return undefined;
  const { intervals, mean, square } = pace;
  if (intervals < FEWEST_INTERVALS || mean <= 0) return undefined;
  const seen = square / (mean * mean) - 1;
  const weight = intervals / (intervals + SEEN_BEFORE);
  const irregularity = weight * Math.max(0, seen) + (1 - weight) * USUAL_IRREGULARITY;
  const turns = ahead + 1;
  // what one line does by chance, and how surely its mean is known
  return within(turns * mean, irregularity / turns + irregularity / intervals);
};

/**
 * By the head of the line: who comes now will wait about as long as who stands first has waited. Needs to
 * know no more than that somebody is answered at all.
 *
 * @see R. Ibrahim, W. Whitt, "Real-time delay estimation based on delay history", 2009.
 */
export const byHeadOfLine: Estimator = ({ at, pace, ahead, waited, headWaited = 0 }) => {
  const left = headWaited - waited;
  if (!pace || !isCurrent(pace, at, headWaited) || ahead === 0 || left <= 0) return undefined;
  return within(left, VARIATION_BY_HEAD / ahead);
};

/** The best that is known: by the length of the queue, else by the head of the line. */
export const estimateWait: Estimator = (line) => byQueueLength(line) ?? byHeadOfLine(line);

/**
 * The interval of a wait that is a sum of many short ones: a gamma distribution of this mean and squared
 * coefficient of variation.
 *
 * @see E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", 1931: its cube root is nearly normal.
 */
function within(mean: Milliseconds, variation: number): Estimate | undefined {
  const centre = 1 - variation / 9;
  const spread = (TENTH * Math.sqrt(variation)) / 3;
  const quantile = (root: number): Milliseconds => Math.round(mean * Math.max(0, root) ** 3);
  const most = quantile(centre + spread);
  if (!Number.isFinite(most) || most > LONGEST) return undefined;
  return { least: Math.min(quantile(centre - spread), most), most };
}
