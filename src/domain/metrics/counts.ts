/**
 * What is counted, before any formula: numbers that add up over intervals, queues and agents. A count
 * belongs to the interval of its event, a duration is split over the intervals it lasted through.
 */
import { z } from 'zod';

const Count = z.int().min(0);

/** One of a kind of thing counted. All but `longestWait` are added together; of that the greatest holds. */
export const Counts = z.object({
  /** Passes that entered the queue. */
  entered: Count,
  /** Passes that ended, in whatever way: closed, transferred, merged. In = ended + open. */
  ended: Count,
  /** Of `ended`: the work went on in another pass. */
  transferred: Count,
  /** Passes accepted by an agent for the first time. */
  answered: Count,
  /** Passes whose customer left before any agent accepted. */
  abandoned: Count,
  /** Service-level events within the threshold. */
  serviceLevelMet: Count,
  /** Service-level events that were none: abandoned first, or too late. */
  serviceLevelMissed: Count,
  /** Milliseconds from entering the queue to the answer, of `answered`. */
  answerWait: Count,
  /** Offers made. */
  offers: Count,
  /** Offers an agent declined. */
  declined: Count,
  /** Offers nobody answered in time. */
  unanswered: Count,
  /** Segments that ended: an agent's part in a pass. */
  handled: Count,
  /** Milliseconds agents had contacts, wrap-up included. */
  handleTime: Count,
  /** Of `handleTime`: the wrap-up. */
  wrapUpTime: Count,
  /** The longest that any contact had been waiting at a moment of the interval, in milliseconds. */
  longestWait: Count,
});
export type Counts = z.infer<typeof Counts>;

export const COUNT_NAMES = Counts.keyof().options;

/** Nothing counted. */
export const noCounts = (): Counts => ({
  entered: 0,
  ended: 0,
  transferred: 0,
  answered: 0,
  abandoned: 0,
  serviceLevelMet: 0,
  serviceLevelMissed: 0,
  answerWait: 0,
  offers: 0,
  declined: 0,
  unanswered: 0,
  handled: 0,
  handleTime: 0,
  wrapUpTime: 0,
  longestWait: 0,
});

/** Adds `more` to `counts`, in place. The order in which counts are added makes no difference. */
export function addCounts(counts: Counts, more: Partial<Counts>): void {
  for (const name of COUNT_NAMES) {
    const value = more[name];
    if (value === undefined) continue;
    counts[name] =
      name === 'longestWait' ? Math.max(counts.longestWait, value) : counts[name] + value;
  }
}
